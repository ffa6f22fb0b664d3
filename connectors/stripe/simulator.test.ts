import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../contract/connector.ts';
import { stripe } from './index.ts';
import { type Recorded, pair, recorded } from './samples.ts';

describe('the simulator', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await (await stripe.loadSimulator())();
  });
  afterAll(() => simulator.close());

  const client = (secretKey = pair('test').secretKey) => {
    const { hostname, port } = new URL(simulator.url);
    return new Stripe(secretKey, {
      host: hostname,
      port: Number(port),
      protocol: 'http',
      maxNetworkRetries: 0,
      telemetry: false,
    });
  };
  const intent = { amount: 1300, currency: 'usd', automatic_payment_methods: { enabled: true } };
  const under = (idempotencyKey: string) => ({ idempotencyKey });

  it('answers the real client as Stripe does', async () => {
    expect(await client().balance.retrieve()).toMatchObject({ object: 'balance', livemode: false });
    expect(await client(pair('live').secretKey).balance.retrieve()).toMatchObject({ livemode: true });
    expect(await client().paymentIntents.create(intent, under('a'))).toMatchObject({
      amount: 1300,
      client_secret: expect.stringMatching(/^pi_\w+_secret_\w+$/),
    });
    const customer = await client().customers.create({ email: 'person@example.com' }, under('b'));
    const [price] = (await client().prices.list({ lookup_keys: ['monthly'] })).data;
    const subscription = await client().subscriptions.create(
      {
        customer: customer.id,
        items: [{ price: price?.id ?? '' }],
        payment_behavior: 'default_incomplete',
        expand: ['latest_invoice.confirmation_secret'],
      },
      under('c'),
    );
    expect(subscription).toMatchObject({
      status: 'incomplete',
      latest_invoice: { confirmation_secret: { client_secret: expect.stringMatching(/_secret_/) } },
    });
  });

  it.each([
    [
      { ...intent, amount: 0.5 },
      { code: 'parameter_invalid_integer', param: 'amount' },
    ],
    [
      { ...intent, amount: -5 },
      { code: 'parameter_invalid_integer', param: 'amount' },
    ],
    [{ ...intent, amount: 10 }, { code: 'amount_too_small' }],
    [{ ...intent, currency: 'zzq' }, { param: 'currency' }],
    [{ ...intent, payment_method_types: ['card'] }, { code: 'parameter_unknown' }],
    [{ currency: 'usd' } as typeof intent, { code: 'parameter_missing', param: 'amount' }],
  ])('refuses %o', async (params, error) => {
    await expect(client().paymentIntents.create(params, under(JSON.stringify(params)))).rejects.toMatchObject(error);
  });

  it('gives the same answer for the same idempotency key, and refuses it for another request', async () => {
    const first = await client().paymentIntents.create(intent, under('same'));
    expect((await client().paymentIntents.create(intent, under('same'))).id).toBe(first.id);
    expect((await client().paymentIntents.create(intent, under('other'))).id).not.toBe(first.id);
    await expect(client().paymentIntents.create({ ...intent, amount: 9900 }, under('same'))).rejects.toMatchObject({
      type: 'StripeIdempotencyError',
    });
  });

  it('wants form encoding, a key and an idempotency key', async () => {
    const post = (headers: Record<string, string>, body: string) =>
      fetch(`${simulator.url}/v1/payment_intents`, { method: 'POST', headers, body });
    const authorization = `Bearer ${pair('test').secretKey}`;
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post({ ...form, 'idempotency-key': 'k1' }, 'amount=1300&currency=usd')).status).toBe(401);
    expect((await post({ ...form, authorization }, 'amount=1300&currency=usd')).status).toBe(400);
    const json = { 'content-type': 'application/json', 'idempotency-key': 'k2', authorization };
    expect((await post(json, JSON.stringify(intent))).status).toBe(400);
    expect((await post({ ...form, authorization, 'idempotency-key': 'k3' }, 'amount=1300&currency=usd')).status).toBe(
      200,
    );
    expect((await fetch(`${simulator.url}/v1/charges`, { headers: { authorization } })).status).toBe(404);
  });

  it('revokes a key while it runs', async () => {
    const { secretKey } = pair('test', 'leaving');
    await client(secretKey).balance.retrieve();
    const body = JSON.stringify({ key: secretKey });
    await fetch(`${simulator.url}/_simulator/revoke`, { method: 'POST', body });
    await expect(client(secretKey).balance.retrieve()).rejects.toMatchObject({ statusCode: 401 });
    await client().balance.retrieve();
  });

  it.each([
    ['revoked', 'invalid-key'],
    ['expired', 'expired-key'],
    ['narrow', 'missing-permission'],
    ['ratelimited', 'rate-limited'],
  ])('refuses a %s key in the shape that was recorded', async (word, name) => {
    const headers = { authorization: `Bearer ${pair('test', word).secretKey}` };
    const reply = await fetch(`${simulator.url}/v1/payment_intents`, { headers });
    const { status, body } = recorded(name);
    const withoutNames = (text: unknown) => String(text).replaceAll(/(acct_|[sr]k_test_)[\w*]+/g, '$1');
    const [mine, theirs] = [((await reply.json()) as Recorded['body'])['error'], body['error']] as Record<
      string,
      unknown
    >[];
    expect(reply.status).toBe(status);
    expect(mine).toMatchObject({ type: theirs?.['type'] });
    expect(mine?.['code']).toBe(theirs?.['code']);
    expect(withoutNames(mine?.['message'])).toBe(withoutNames(theirs?.['message']));
  });
});
