import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import type { AppFacts } from '../../contract/connector.ts';
import { expectFormatted, expectTypeChecks } from '../../test/conformance/generated-code.ts';
import { expoApp, nextApp } from '../../test/harness/app-facts.ts';
import { stripe } from './index.ts';
import { combinations, everything } from './samples.ts';

const contribute = (options: Record<string, unknown> = {}, facts: Partial<AppFacts> = {}) =>
  stripe.contribute({ app: { ...expoApp, ...facts }, alias: '', options });
const textOf = (name: string, contribution = contribute()) => {
  const file = contribution.files.find(({ path }) => path.endsWith(`/${name}`));
  return file?.text ?? expect.fail(`${name} is not among the files`);
};

const exportedNext = { ...nextApp, serverRoutes: false };
const pages = { ...nextApp, router: 'next-pages', routesDir: 'src/pages', sourceDir: 'src' } as const;

const variants = combinations.flatMap((options) => [
  contribute(options),
  contribute(options, { scheme: 'shop', router: 'expo-router', routesDir: 'app', serverRoutes: true }),
  contribute(options, nextApp),
  contribute(options, pages),
  contribute(options, exportedNext),
]);

describe('what is generated', () => {
  it('pins the package that belongs to each Expo SDK', () => {
    const pinned = [54, 55, 56, 57].map((major) => contribute({}, { major }).packages);
    expect(pinned.flat().map(({ range }) => range)).toEqual(['0.50.3', '0.63.0', '0.64.0', '0.64.0']);
    expect(() => contribute({}, { major: 58 })).toThrow(expect.objectContaining({ code: 'unsupported_sdk' }));
  });

  it('turns Apple Pay and Google Pay on in the plugin, the provider and the sheet together', () => {
    const off = contribute({}, { scheme: 'shop' });
    expect(off.configPlugins[0]?.props).toEqual({ enableGooglePay: false });
    expect(textOf('checkout.ts', off)).not.toMatch(/applePay|googlePay|country/);
    expect(textOf('stripe-provider.tsx', off)).not.toContain('merchantIdentifier');

    const on = contribute(everything, { scheme: 'shop' });
    expect(on.configPlugins[0]?.props).toEqual({
      merchantIdentifier: 'merchant.com.example.shop',
      enableGooglePay: true,
    });
    expect(textOf('checkout.ts', on)).toMatch(/applePay: \{.*\n.*googlePay: \{/);
    expect(textOf('stripe-provider.tsx', on)).toContain("merchantIdentifier: 'merchant.com.example.shop'");
    expect(on.nativeChanges).toHaveLength(3);
  });

  it('writes any business name as a string', () => {
    expect(textOf('config.ts', contribute({ merchantDisplayName: `Sam's "Shop"` }))).toContain(`= 'Sam\\'s "Shop"';`);
    expect(textOf('config.ts', contribute({ merchantDisplayName: "Sam's" }))).toContain(`= "Sam's";`);
    expect(textOf('config.ts', contribute({ merchantDisplayName: 'مقهى' }))).toContain(`= 'مقهى';`);
  });

  it('counts the example price in the smallest unit of the currency', () => {
    expect(textOf('prices.ts', contribute({ currency: 'usd' }))).toContain('1300 is 13.00 USD.');
    expect(textOf('prices.ts', contribute({ currency: 'jpy' }))).toContain('1300 is 1300 JPY.');
    expect(textOf('prices.ts', contribute({ currency: 'kwd' }))).toContain(
      '13000 is 13.000 KWD, and the last digit is always 0.',
    );
  });

  it('adds API routes only where the app runs them, and then asks the app itself', () => {
    const router = { router: 'expo-router', sourceDir: 'src', routesDir: 'src/app', scheme: 'shop' } as const;
    const routes = (contribution = contribute()) => contribution.files.filter(({ path }) => path.endsWith('+api.ts'));
    expect(routes(contribute({}, router))).toEqual([]);
    const served = contribute({ subscriptions: true }, { ...router, serverRoutes: true });
    expect(routes(served)).toMatchObject([
      {
        path: 'src/app/api/stripe/payment-intent+api.ts',
        text: "export { createPaymentIntent as POST } from '../../../connectors/stripe/server/payment-intent';\n",
      },
      { path: 'src/app/api/stripe/subscription+api.ts' },
    ]);
    expect(textOf('checkout.ts', served)).not.toContain('!serverUrl');
    expect(textOf('checkout.ts', contribute())).toContain('if (!serverUrl)');
  });

  it('has the same checkout on the web, with the browser packages that belong to Next.js', () => {
    const { packages, environmentKeys, files, nativeChanges } = contribute({}, nextApp);
    expect(packages).toEqual([
      { name: '@stripe/react-stripe-js', range: '7.0.1' },
      { name: '@stripe/stripe-js', range: '10.2.1' },
    ]);
    expect(environmentKeys.map(({ key }) => key)).toEqual(['NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY', 'STRIPE_SECRET_KEY']);
    expect(nativeChanges).toEqual([]);
    const clients = files.filter(({ text }) => text.startsWith("'use client';\n"));
    expect(clients.map(({ path }) => path.replace('connectors/stripe/', '')).toSorted()).toEqual([
      'checkout-button.tsx',
      'payment-sheet.tsx',
      'stripe-provider.tsx',
    ]);
    expect(() => contribute({}, { ...exportedNext, major: 14, version: '14.2.0' })).toThrow(
      expect.objectContaining({ code: 'unsupported_sdk' }),
    );
  });

  it('runs the handlers as the routes of either router, and nowhere without a server', () => {
    const routes = (facts: Partial<AppFacts>) =>
      contribute({ subscriptions: true }, facts)
        .files.filter(({ path }) => path.includes('/api/'))
        .map(({ path, text }) => [path, text]);
    expect(routes(nextApp)).toEqual([
      [
        'app/api/stripe/payment-intent/route.ts',
        "export { createPaymentIntent as POST } from '../../../../connectors/stripe/server/payment-intent';\n",
      ],
      [
        'app/api/stripe/subscription/route.ts',
        "export { createSubscription as POST } from '../../../../connectors/stripe/server/subscription';\n",
      ],
    ]);
    expect(routes(pages)).toMatchObject([
      [
        'src/pages/api/stripe/payment-intent.ts',
        expect.stringContaining("import { pagesApi } from '../../../connectors/stripe/server/pages-api';\n"),
      ],
      ['src/pages/api/stripe/subscription.ts', expect.stringContaining('export default pagesApi(createSubscription);')],
    ]);
    expect(routes(exportedNext)).toEqual([]);
    const below = { ...nextApp, basePath: '/shop' };
    expect(textOf('checkout.ts', contribute({}, below))).toContain("checkOut('/shop/api/stripe/payment-intent'");
    const elsewhere = contribute({ serverUrl: 'https://pay.example.com' }, below);
    expect(textOf('checkout.ts', elsewhere)).toContain("checkOut('/api/stripe/payment-intent'");
    expect(textOf('checkout.ts', contribute({}, exportedNext))).toContain('if (!serverUrl)');
  });

  it('offers the wallets on the web that were asked for', () => {
    expect(textOf('payment-sheet.tsx', contribute({}, exportedNext))).toContain(
      "applePay: 'never', googlePay: 'never'",
    );
    expect(textOf('payment-sheet.tsx', contribute(everything, exportedNext))).toContain(
      "applePay: 'auto', googlePay: 'auto'",
    );
  });

  it('names the API version that the stripe package is pinned to', () => {
    expect(textOf('stripe-api.ts')).toContain(`'${Stripe.API_VERSION}'`);
  });

  it('type-checks in every combination, with nothing left unused', async () => {
    await expectTypeChecks(variants);
  });

  it('reads as if the app’s own formatter had been over it', async () => {
    await expectFormatted(variants);
  });
});
