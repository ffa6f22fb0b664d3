import Stripe from 'stripe';
import { z } from 'zod';
import type { ConnectionReport, ProbeInput } from '../../contract/connector.ts';
import { GraftError } from '../../contract/errors.ts';
import { checkMode } from '../check-mode.ts';
import { Credentials } from './credentials.ts';
import { faultOf } from './faults.ts';
import { manifest } from './manifest.ts';
import { Options } from './options.ts';

const Balance = z.object({ object: z.literal('balance'), livemode: z.boolean() });

const Account = z.object({
  id: z.string().regex(/^acct_\w+$/),
  charges_enabled: z.boolean().optional(),
  business_profile: z.object({ name: z.string().nullish() }).nullish(),
  settings: z.object({ dashboard: z.object({ display_name: z.string().nullish() }).optional() }).nullish(),
});

const List = z.object({ object: z.literal('list') });

/** Proves the keys by reads alone: balance (its mode is Stripe's own word), account, and one page of each resource that the generated server uses. */
export async function probe({ credentials, options, environment, http }: ProbeInput): Promise<ConnectionReport> {
  const checked = Credentials.safeParse(credentials);
  if (!checked.success) {
    const fields = checked.error.issues.map(({ path, message }) => ({ field: path.join('.'), fix: message }));
    const message = fields[0]?.fix ?? 'The keys have not the form of Stripe keys.';
    throw new GraftError('credentials_rejected', message, { fields });
  }
  checkMode(manifest, manifest.modeOf(checked.data), environment);
  const wanted = Options.parse(options);
  if (wanted.webhooks && checked.data.webhookSecret === undefined) {
    const fix = 'Webhooks need the signing secret of the endpoint: paste it, or turn webhooks off.';
    throw new GraftError('credentials_rejected', fix, { fields: [{ field: 'webhookSecret', fix }] });
  }
  const client = new Stripe(checked.data.secretKey, {
    httpClient: Stripe.createFetchHttpClient(onlyObjects(http.fetch)),
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: 10_000,
  });
  const notes: string[] = [];

  const balance = await read(Balance, () => client.balance.retrieve());
  const mode = 'permission' in balance ? manifest.modeOf(checked.data) : balance.livemode ? 'live' : 'test';
  checkMode(manifest, mode, environment);
  if ('permission' in balance)
    notes.push('The key may not read the balance, so its mode is taken from the key itself.');

  await checkResources(client, wanted);

  const account = await read(Account, () => client.accounts.retrieveCurrent());
  if ('permission' in account) notes.push('The key may not read the account, so its name is not known.');
  else if (account.charges_enabled === false) notes.push('Stripe does not let this account take live payments yet.');
  notes.push('Reads alone cannot prove that the key may create payments.');
  if (checked.data.webhookSecret !== undefined)
    notes.push('Stripe has no call that checks a signing secret; the first event that it delivers proves it.');
  notes.push('Stripe has no call that checks a publishable key; its form and mode are right.');
  return { account: nameOf(account), mode, notes };
}

/** The client of stripe 23.1.0 neither answers nor throws in its caller's reach for a JSON reply that is no object, so such a body is taken out. */
function onlyObjects(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const reply = await fetch(input, init);
    const body = await reply.text();
    return new Response(/^\s*\{/.test(body) ? body : '', { status: reply.status, headers: reply.headers });
  };
}

type Denied = { permission: string };

function nameOf(account: z.infer<typeof Account> | Denied): string {
  if ('permission' in account) return 'a Stripe account';
  const name = account.settings?.dashboard?.display_name ?? account.business_profile?.name;
  return name ? `${name} (${account.id})` : account.id;
}

/** Reads what the generated server uses; throws `permission_missing` with everything that the key may not do, at once. */
async function checkResources(client: Stripe, options: Options): Promise<void> {
  const resources: { name: string; access: string; list: () => Promise<unknown> }[] = [];
  if (options.oneTimePayments) {
    resources.push({ name: 'PaymentIntents', access: 'write', list: () => client.paymentIntents.list({ limit: 1 }) });
  }
  if (options.subscriptions) {
    resources.push(
      { name: 'Customers', access: 'write', list: () => client.customers.list({ limit: 1 }) },
      { name: 'Subscriptions', access: 'write', list: () => client.subscriptions.list({ limit: 1 }) },
      { name: 'Prices', access: 'read', list: () => client.prices.list({ limit: 1 }) },
    );
  }
  const denied: { name: string; access: string; permission: string }[] = [];
  for (const { list, ...resource } of resources) {
    const answer = await read(List, list);
    if ('permission' in answer) denied.push({ ...resource, permission: answer.permission });
  }
  if (denied.length === 0) return;
  const names = denied.map(({ name, access }) => `${name} (${access})`).join(', ');
  const permissions = denied.map(({ permission }) => permission);
  throw new GraftError(
    'permission_missing',
    `The key is genuine but may not use ${names}. Allow these for the key at https://dashboard.stripe.com/apikeys; Stripe named ${permissions.join(', ')}.`,
    { fields: [{ field: 'secretKey', fix: `Allow ${names} for this key.` }], details: { permissions } },
  );
}

/** What a call answers, or the permission it lacks; every other failure is thrown as a `GraftError`. */
async function read<T>(schema: z.ZodType<T>, call: () => Promise<unknown>): Promise<T | Denied> {
  let reply: unknown;
  try {
    reply = await call();
  } catch (error) {
    const fault = faultOf(error);
    if ('permission' in fault) return fault;
    throw fault.error;
  }
  const parsed = schema.safeParse(reply);
  if (parsed.success) return parsed.data;
  throw new GraftError(
    'provider_unavailable',
    'Stripe answered with something that is no answer of its API. Try again later.',
  );
}
