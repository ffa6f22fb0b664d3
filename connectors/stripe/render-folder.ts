import { posix } from 'node:path';
import type { AppFacts, ContributionInput, EnvironmentKey, OwnedFile } from '../../contract/connector.ts';
import { apiPathOf } from '../api-path.ts';
import { environmentKeyFor, publicKeyFor } from '../environment-key.ts';
import { readTemplates } from '../read-templates.ts';
import { quoted, renderTemplate } from '../render-template.ts';
import { manifest } from './manifest.ts';
import type { Options } from './options.ts';
import { sampleAmount } from './sample-amount.ts';

export type Feature = 'oneTimePayments' | 'subscriptions' | 'webhooks';

/** A file of the connector's folder, made of the template of the same name; `needs` is the option without which it is not there. */
export interface FolderFile {
  name: string;
  purpose: string;
  needs?: Feature;
}

/** What is the same whatever the app is made with. */
export const sharedFiles: readonly FolderFile[] = [
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
  const name = alias === '' ? manifest.id : `${manifest.id}-${alias}`;
  const folder = posix.join(app.sourceDir, 'connectors', name);
  const apiPath = apiPathOf(name, app, options.serverUrl);
  const extension = app.language === 'javascript' ? 'js' : 'ts';
  const amount = sampleAmount(options.currency);
  const read = manifest.credentialFields.filter((field) => options.webhooks || field.name !== 'webhookSecret');
  const [applePay, googlePay] = [wallets && options.applePay, wallets && options.googlePay];
  return {
    options,
    name,
    folder,
    apiPath,
    environmentKeys: read.map((field) => ({
      key: keyOf(field.environmentKey, app, alias),
      credential: field.name,
      secret: field.secret,
      comment: `Stripe ${field.label.en.toLowerCase()}${field.secret ? ', for the server only' : ''}`,
    })),
    templates: '',
    flags: {
      oneTimePayments: options.oneTimePayments,
      subscriptions: options.subscriptions,
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
      ...Object.fromEntries(
        manifest.credentialFields.map(({ environmentKey }) => [environmentKey, keyOf(environmentKey, app, alias)]),
      ),
    },
  };
}

/** Renders the files of the connector's folder that the options ask for. */
export function renderFolder(rendering: Rendering, files: readonly FolderFile[]): OwnedFile[] {
  const { options, folder, flags, replace } = rendering;
  return files
    .filter(({ needs }) => needs === undefined || options[needs])
    .map(({ name, purpose }) => ({
      path: `${folder}/${name}`,
      text: renderTemplate(textOf(rendering.templates + name), flags, replace),
      purpose,
    }));
}

function keyOf(key: string, { framework }: AppFacts, alias: string): string {
  return environmentKeyFor(publicKeyFor(key, framework), alias);
}
