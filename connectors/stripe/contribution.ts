import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { Contribution, ContributionInput, OwnedFile } from '../../contract/connector.ts';
import { GraftError } from '../../contract/errors.ts';
import { environmentKeyFor } from '../environment-key.ts';
import { quoted, renderTemplate } from '../render-template.ts';
import { manifest, reactNativePackage } from './manifest.ts';
import { nextSteps } from './next-steps.ts';
import { Options } from './options.ts';
import { sampleAmount } from './sample-amount.ts';
import { serverChecks } from './server-checks.ts';

type Feature = 'oneTimePayments' | 'subscriptions' | 'webhooks';

/** Every file of the folder, what it is for, and the option without which it is not there. */
const folderFiles: readonly { name: string; purpose: string; needs?: Feature }[] = [
  { name: 'stripe-provider.tsx', purpose: 'Gives the app the Stripe SDK' },
  { name: 'config.ts', purpose: 'The publishable key and the choices made for this app' },
  { name: 'prices.ts', purpose: 'What the app sells, to be edited; the server charges these' },
  { name: 'checkout.ts', purpose: 'Runs a checkout through the payment sheet' },
  { name: 'use-checkout.ts', purpose: 'The same as a hook' },
  { name: 'checkout-button.tsx', purpose: 'A button that sells one product', needs: 'oneTimePayments' },
  { name: 'subscription-plans.tsx', purpose: 'The list of plans to subscribe to', needs: 'subscriptions' },
  { name: 'checkout-problem.tsx', purpose: 'Tells the customer what went wrong' },
  { name: 'sdk.ts', purpose: 'What the app uses of the Stripe SDK' },
  { name: 'sdk.web.ts', purpose: 'The same for the web, where the SDK does not bundle' },
  { name: 'server/payment-intent.ts', purpose: 'Server: starts a payment', needs: 'oneTimePayments' },
  { name: 'server/subscription.ts', purpose: 'Server: starts a subscription', needs: 'subscriptions' },
  { name: 'server/webhook.ts', purpose: 'Server: takes the events of Stripe', needs: 'webhooks' },
  { name: 'server/on-stripe-event.ts', purpose: 'Server: what happens at an event, to be edited', needs: 'webhooks' },
  { name: 'server/stripe-api.ts', purpose: 'Server: calls Stripe' },
];

const routes: readonly { name: string; handler: string; needs: Feature }[] = [
  { name: 'payment-intent+api.ts', handler: 'server/payment-intent', needs: 'oneTimePayments' },
  { name: 'subscription+api.ts', handler: 'server/subscription', needs: 'subscriptions' },
  { name: 'webhook+api.ts', handler: 'server/webhook', needs: 'webhooks' },
];

const readTemplate = (name: string) => readFileSync(new URL(`templates/${name}`, import.meta.url), 'utf8');
const templates = new Map([
  ...folderFiles.map(({ name }) => [name, readTemplate(name)] as const),
  ...routes.map(({ name }) => [name, readTemplate(`routes/${name}`)] as const),
]);

/** What Stripe wants in an app; pure. Throws `unsupported_sdk` for an app whose version `checkCompatibility` refuses. */
export function contribute({ app, alias, options: given }: ContributionInput): Contribution {
  const options = Options.parse(given);
  const version = manifest.compatibility.expo?.packages[reactNativePackage]?.[app.major];
  if (!version) {
    throw new GraftError(
      'unsupported_sdk',
      `No version of ${reactNativePackage} is known for ${app.framework} ${app.version}.`,
    );
  }
  const scheme = /^[a-z][a-z0-9+.-]*$/i.test(app.scheme ?? '') ? app.scheme : undefined;
  const name = alias === '' ? manifest.id : `${manifest.id}-${alias}`;
  const folder = posix.join(app.sourceDir, 'connectors', name);
  const read = manifest.credentialFields.filter(({ name: field }) => options.webhooks || field !== 'webhookSecret');
  const environmentKeys = read.map((field) => ({
    key: environmentKeyFor(field.environmentKey, alias),
    credential: field.name,
    secret: field.secret,
    comment: field.secret
      ? `Stripe ${field.label.en.toLowerCase()}, for the server only`
      : `Stripe ${field.label.en.toLowerCase()}`,
  }));
  const flags = {
    oneTimePayments: options.oneTimePayments,
    subscriptions: options.subscriptions,
    both: options.oneTimePayments && options.subscriptions,
    applePay: options.applePay,
    googlePay: options.googlePay,
    wallets: options.applePay || options.googlePay,
    scheme: scheme !== undefined,
    settings: options.applePay || scheme !== undefined,
    sameOrigin: options.serverUrl === '' && app.serverRoutes,
  };
  const extension = app.language === 'javascript' ? 'js' : 'ts';
  const amount = sampleAmount(options.currency);
  const replace = {
    "'__MERCHANT_DISPLAY_NAME__'": quoted(options.merchantDisplayName),
    "'__MERCHANT_COUNTRY__'": quoted(options.merchantCountry),
    "'__MERCHANT_IDENTIFIER__'": quoted(options.merchantIdentifier),
    "'__CURRENCY__'": quoted(options.currency),
    "'__SERVER_URL__'": quoted(options.serverUrl),
    __SCHEME__: scheme ?? '',
    __FOLDER__: folder,
    'config.ts': `config.${extension}`,
    'prices.ts': `prices.${extension}`,
    '/api/stripe/': `/api/${name}/`,
    '1300 is 13.00 USD': `${amount.units} is ${amount.shown}`,
    'amount: 1300': `amount: ${amount.units}`,
    ...Object.fromEntries(
      manifest.credentialFields.map((field) => [field.environmentKey, environmentKeyFor(field.environmentKey, alias)]),
    ),
  };
  const files: OwnedFile[] = folderFiles
    .filter(({ needs }) => needs === undefined || options[needs])
    .map((file) => ({
      path: `${folder}/${file.name}`,
      text: renderTemplate(templates.get(file.name) ?? '', flags, replace),
      purpose: file.purpose,
    }));
  const apiFolder = posix.join(app.routesDir, 'api', name);
  for (const route of app.serverRoutes ? routes.filter(({ needs }) => options[needs]) : []) {
    const handler = posix.relative(apiFolder, `${folder}/${route.handler}`);
    const text = renderTemplate(templates.get(route.name) ?? '', flags, { [`'../${route.handler}'`]: quoted(handler) });
    files.push({ path: `${apiFolder}/${route.name}`, text, purpose: 'The API route that runs the handler' });
  }
  return {
    setUp: { package: reactNativePackage, names: ['StripeProvider', 'initStripe'] },
    packages: [{ name: reactNativePackage, range: version }],
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
    serverChecks: serverChecks({ options, folder, apiPath: `/api/${name}`, environmentKeys }),
    nativeChanges: [
      `New native code: ${reactNativePackage} ${version}`,
      ...(options.applePay ? [`iOS capability Apple Pay with ${options.merchantIdentifier}`] : []),
      ...(options.googlePay ? ['Android manifest: com.google.android.gms.wallet.api.enabled'] : []),
    ],
    nextSteps: nextSteps({ options, app: { ...app, scheme }, folder, apiPath: `/api/${name}`, environmentKeys }),
  };
}
