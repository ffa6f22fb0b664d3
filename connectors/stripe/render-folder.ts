import type { ContributionInput, EnvironmentKey, OwnedFile } from '../../contract/connector.ts';
import { apiPathOf } from '../api-path.ts';
import { extensionOf, folderOf } from '../app-modules.ts';
import { environmentKeyFor, keysUnderAlias } from '../environment-key.ts';
import { readTemplates } from '../read-templates.ts';
import { type FolderFile, renderFiles } from '../render-files.ts';
import { quoted } from '../render-template.ts';
import { manifest } from './manifest.ts';
import type { Options } from './options.ts';
import { sampleAmount } from './sample-amount.ts';

export type Feature = 'oneTimePayments' | 'subscriptions' | 'webhooks';

/** What is the same whatever the app is made with. */
export const sharedFiles: readonly FolderFile<Feature>[] = [
  { name: 'config.ts', purpose: 'The publishable key and the choices made for this app' },
  { name: 'prices.ts', purpose: 'What the app sells, to be edited; the server charges these' },
  { name: 'checkout.ts', purpose: 'Runs a checkout through the payment sheet' },
  { name: 'use-checkout.ts', purpose: 'The same as a hook' },
  { name: 'server/payment-intent.ts', purpose: 'Server: starts a payment', needs: 'oneTimePayments' },
  { name: 'server/subscription.ts', purpose: 'Server: starts a subscription', needs: 'subscriptions' },
  { name: 'server/webhook.ts', purpose: 'Server: takes the events of Stripe', needs: 'webhooks' },
  { name: 'server/on-stripe-event.ts', purpose: 'Server: what happens at an event, to be edited', needs: 'webhooks' },
  { name: 'server/stripe-api.ts', purpose: 'Server: calls Stripe' },
];

/** A template's text. */
export const textOf = readTemplates(new URL('templates/', import.meta.url));

/** What is the same for every framework: names, keys and the texts that templates are filled with. */
export interface Rendering {
  options: Options;
  name: string;
  /** Of the generated code, relative to the app. */
  folder: string;
  /** Where the app calls its handlers. */
  apiPath: string;
  environmentKeys: readonly EnvironmentKey[];
  /** Folder of the templates below `templates/`, with a slash at its end; empty for that folder itself. */
  templates: string;
  flags: Readonly<Record<string, boolean>>;
  replace: Readonly<Record<string, string>>;
}

/** Makes ready to render; `scheme` and `wallets` say what the app has a use for. */
export function beginRendering(
  { app, alias }: ContributionInput,
  options: Options,
  { scheme, wallets }: { scheme: string | undefined; wallets: boolean },
): Rendering {
  const { name, folder } = folderOf(manifest, { app, alias });
  const apiPath = apiPathOf(name, app, options.serverUrl);
  const extension = extensionOf(app);
  const amount = sampleAmount(options.currency);
  const read = manifest.credentialFields.filter((field) => options.webhooks || field.name !== 'webhookSecret');
  const [applePay, googlePay] = [wallets && options.applePay, wallets && options.googlePay];
  return {
    options,
    name,
    folder,
    apiPath,
    environmentKeys: read.map((field) => ({
      key: environmentKeyFor(field.environmentKey, app, alias),
      credential: field.name,
      secret: field.secret,
      comment: `Stripe ${field.label.en.toLowerCase()}${field.secret ? ', for the server only' : ''}`,
    })),
    templates: '',
    flags: {
      oneTimePayments: options.oneTimePayments,
      subscriptions: options.subscriptions,
      webhooks: options.webhooks,
      both: options.oneTimePayments && options.subscriptions,
      applePay,
      googlePay,
      wallets: applePay || googlePay,
      scheme: scheme !== undefined,
      settings: applePay || scheme !== undefined,
      sameOrigin: options.serverUrl === '' && app.serverRoutes,
    },
    replace: {
      "'__MERCHANT_DISPLAY_NAME__'": quoted(options.merchantDisplayName),
      "'__MERCHANT_COUNTRY__'": quoted(options.merchantCountry),
      "'__MERCHANT_IDENTIFIER__'": quoted(options.merchantIdentifier),
      "'__CURRENCY__'": quoted(options.currency),
      "'__SERVER_URL__'": quoted(options.serverUrl),
      __SCHEME__: scheme ?? '',
      __FOLDER__: folder,
      'config.ts': `config.${extension}`,
      'prices.ts': `prices.${extension}`,
      '/api/stripe/': `${apiPath}/`,
      '1300 is 13.00 USD': `${amount.units} is ${amount.shown}`,
      'amount: 1300': `amount: ${amount.units}`,
      ...keysUnderAlias(manifest, app, alias),
    },
  };
}

/** Renders the files of the connector's folder that the options ask for. */
export function renderFolder(rendering: Rendering, files: readonly FolderFile<Feature>[]): OwnedFile[] {
  return renderFiles(files, (name) => textOf(rendering.templates + name), rendering);
}
