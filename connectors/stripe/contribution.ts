import { posix } from 'node:path';
import type { Contribution, ContributionInput } from '../../contract/connector.ts';
import { packageFor } from '../package-for.ts';
import type { FolderFile } from '../render-files.ts';
import { quoted, renderTemplate } from '../render-template.ts';
import { contributeToNext } from './contribution-to-next.ts';
import { manifest, reactNativePackage } from './manifest.ts';
import { nextSteps } from './next-steps.ts';
import { Options } from './options.ts';
import { type Feature, beginRendering, renderFolder, sharedFiles, textOf } from './render-folder.ts';
import { serverChecks } from './server-checks.ts';

/** What runs on a device besides: the native payment sheet, and its twin for the web. */
const expoFiles: readonly FolderFile<Feature>[] = [
  { name: 'stripe-provider.tsx', purpose: 'Gives the app the Stripe SDK' },
  { name: 'checkout-button.tsx', purpose: 'A button that sells one product', needs: 'oneTimePayments' },
  { name: 'subscription-plans.tsx', purpose: 'The list of plans to subscribe to', needs: 'subscriptions' },
  { name: 'checkout-problem.tsx', purpose: 'Tells the customer what went wrong' },
  { name: 'sdk.ts', purpose: 'What the app uses of the Stripe SDK' },
  { name: 'sdk.web.ts', purpose: 'The same for the web, where the SDK does not bundle' },
];

const routes: readonly { name: string; handler: string; needs: Feature }[] = [
  { name: 'payment-intent+api.ts', handler: 'server/payment-intent', needs: 'oneTimePayments' },
  { name: 'subscription+api.ts', handler: 'server/subscription', needs: 'subscriptions' },
  { name: 'webhook+api.ts', handler: 'server/webhook', needs: 'webhooks' },
];

/** What Stripe wants in an app; pure. Throws `unsupported_sdk` for an app whose packages have no known version. */
export function contribute(input: ContributionInput): Contribution {
  const { app } = input;
  const options = Options.parse(input.options);
  if (app.framework === 'next') return contributeToNext(input, options);
  const sdk = packageFor(manifest, reactNativePackage, app);
  const scheme = /^[a-z][a-z0-9+.-]*$/i.test(app.scheme ?? '') ? app.scheme : undefined;
  const rendering = beginRendering(input, options, { scheme, wallets: true });
  const { name, folder, apiPath, environmentKeys } = rendering;
  const files = renderFolder(rendering, [...sharedFiles, ...expoFiles]);
  const apiFolder = posix.join(app.routesDir, 'api', name);
  for (const route of app.serverRoutes ? routes.filter(({ needs }) => options[needs]) : []) {
    const handler = quoted(posix.relative(apiFolder, `${folder}/${route.handler}`));
    const text = renderTemplate(textOf(`routes/${route.name}`), {}, { [`'../${route.handler}'`]: handler });
    files.push({ path: `${apiFolder}/${route.name}`, text, purpose: 'The API route that runs the handler' });
  }
  return {
    setUp: { module: reactNativePackage, names: ['StripeProvider', 'initStripe'] },
    packages: [sdk],
    configPlugins: [
      {
        name: reactNativePackage,
        props: {
          ...(options.applePay && { merchantIdentifier: options.merchantIdentifier }),
          enableGooglePay: options.googlePay,
        },
      },
    ],
    environmentKeys,
    provider: { component: 'StripeConnector', module: `${folder}/stripe-provider.tsx` },
    files,
    serverChecks: serverChecks({ options, folder, apiPath, environmentKeys }),
    nativeChanges: [
      `New native code: ${sdk.name} ${sdk.range}`,
      ...(options.applePay ? [`iOS capability Apple Pay with ${options.merchantIdentifier}`] : []),
      ...(options.googlePay ? ['Android manifest: com.google.android.gms.wallet.api.enabled'] : []),
    ],
    nextSteps: nextSteps({ options, app: { ...app, scheme }, folder, apiPath, environmentKeys }),
  };
}
