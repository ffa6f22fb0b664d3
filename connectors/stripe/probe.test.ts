import { inspect } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Probe } from '../../contract/connector.ts';
import { GraftError } from '../../contract/errors.ts';
import { stripe } from './index.ts';
import { type Recorded, pair, recorded } from './samples.ts';

const replay = ({ status, headers, body }: Recorded) => new Response(JSON.stringify(body), { status, headers });

describe('recorded replies', () => {
  let probe: Probe;
  beforeAll(async () => {
    probe = await stripe.loadProbe();
  });
  const run = (byPath: Record<string, string>) =>
    probe({
      credentials: pair('test'),
      options: {},
      environment: 'development',
      http: {
        fetch: async (input) => replay(recorded(byPath[new URL(String(input)).pathname] ?? 'missing-permission')),
      },
    });
  const all = { '/v1/balance': 'balance', '/v1/account': 'account', '/v1/payment_intents': 'payment-intents' };

  it('names the account and says what could not be proved', async () => {
    const report = await run(all);
    expect(report).toMatchObject({ account: 'Recorded Store (acct_1RecordedAccount)', mode: 'test' });
    expect(report.notes.join(' ')).toMatch(/live payments yet.*cannot prove.*publishable key/s);
  });

  it('asks a restricted key for no more than the app needs', async () => {
    const report = await run({ '/v1/payment_intents': 'payment-intents' });
    expect(report).toMatchObject({ account: 'a Stripe account', mode: 'test' });
    expect(report.notes.join(' ')).toMatch(/may not read the balance.*may not read the account/s);
  });

  it.each([
    ['invalid-key', { code: 'credentials_rejected' }],
    ['expired-key', { code: 'credentials_rejected', message: expect.stringMatching(/expired/) }],
    ['rate-limited', { code: 'provider_unavailable', retryAfterSeconds: 12 }],
  ])('understands %s', async (name, error) => {
    await expect(run({ ...all, '/v1/balance': name })).rejects.toMatchObject(error);
  });

  it('names the permission and the access that is missing', async () => {
    await expect(run({ ...all, '/v1/payment_intents': 'missing-permission' })).rejects.toMatchObject({
      code: 'permission_missing',
      details: { permissions: ['rak_payment_intent_read'] },
      fields: [{ field: 'secretKey', fix: 'Allow PaymentIntents (write) for this key.' }],
    });
  });

  it('believes the balance more than the key’s prefix', async () => {
    const live = recorded('balance');
    live.body['livemode'] = true;
    const http = { fetch: async () => replay(live) };
    const input = { credentials: pair('test'), options: {}, environment: 'development' as const, http };
    await expect(probe(input)).rejects.toMatchObject({ code: 'mode_mismatch' });
  });

  it.each([['null'], ['[]'], ['{}'], ['"text"'], ['']])('takes %s for no answer', async (body) => {
    const http = {
      fetch: async () => new Response(body, { status: 200, headers: { 'content-type': 'application/json' } }),
    };
    const input = { credentials: pair('test'), options: {}, environment: 'development' as const, http };
    await expect(probe(input)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('keeps back what a reply says about the key', async () => {
    const credentials = pair('test');
    for (const status of [401, 402, 403, 429, 500]) {
      const body = { error: { type: 'invalid_request_error', message: `Not with ${credentials.secretKey}` } };
      const http = { fetch: async () => new Response(JSON.stringify(body), { status }) };
      const error: unknown = await probe({ credentials, options: {}, environment: 'development', http }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(GraftError);
      expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(credentials.secretKey);
    }
  });

  it('does not call Stripe with a key that has not the form of one', async () => {
    const http = { fetch: async () => expect.fail('it called Stripe') };
    const credentials = { ...pair('test'), secretKey: 'sk_test_x\r\ny' };
    await expect(probe({ credentials, options: {}, environment: 'development', http })).rejects.toMatchObject({
      code: 'credentials_rejected',
      fields: [{ field: 'secretKey' }],
    });
  });
});
