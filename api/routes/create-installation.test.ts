import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, type TestApi, fakeKey, startTestApi } from '../../test/harness/api.ts';

// Nothing listens at that address: these are about all that comes before Temporal, or without it.
let api: TestApi;
let project: string;
beforeAll(async () => {
  api = await startTestApi('127.0.0.1:1');
  project = await api.newProject('app');
});
afterAll(() => api.stop());

const good = { publishableKey: fakeKey('pk', 'test'), secretKey: fakeKey('sk', 'test') };

const install = (body: Record<string, unknown>, given: Call = {}) =>
  api.call('POST', `/projects/${project}/connectors`, {
    body: { connector: 'stripe', environment: 'development', credentials: good, ...body },
    ...given,
  });

describe('bad installations, before anything is stored', () => {
  it.each([
    ['an unknown connector', { connector: 'nonesuch' }, 'connector', /Choose one of: .*stripe/],
    ['an unknown environment', { environment: 'moon' }, 'environment', /development, staging, production/],
    ['an alias that is no word', { alias: '../x' }, 'alias', /lower-case/],
    ['an unknown option', { options: { colour: 'red' } }, 'options.colour', /Remove/],
    ['a wrong option', { options: { currency: 'dollars' } }, 'options.currency', /ISO 4217/],
    [
      'pk_ where sk_ belongs',
      { credentials: { ...good, secretKey: fakeKey('pk', 'test') } },
      'credentials.secretKey',
      /begins with sk_/,
    ],
    ['a missing key', { credentials: { publishableKey: good.publishableKey } }, 'credentials.secretKey', /Paste/],
    [
      'a key where its name belongs',
      { credentials: { ...good, [fakeKey('sk', 'test')]: 'secretKey' } },
      'credentials.(another name)',
      /Remove/,
    ],
    ['an unknown credential', { credentials: { ...good, webhook: 'whsec' } }, 'credentials.webhook', /Remove/],
    [
      'a live key in development',
      { credentials: { publishableKey: fakeKey('pk', 'live'), secretKey: fakeKey('sk', 'live') } },
      'credentials.secretKey',
      /live credentials/,
    ],
    ['a test key in production', { environment: 'production' }, 'credentials.secretKey', /test credentials/],
    ['a plan hash that is none', { planHash: 'abc' }, 'planHash', /dry run/],
  ])('%s: 422 with the field and the fix', async (_what, body, field, fix) => {
    const { status, body: problem, text } = await install(body);
    expect([status, problem['code']]).toEqual([422, 'invalid_request']);
    expect(problem['errors']).toEqual([{ field, fix: expect.stringMatching(fix) }]);
    expect(text).not.toContain('xxxxxxxx');
    expect(await api.count(`submissions where project = '${project}'`)).toBe(0);
    expect(await api.count(`installations where project = '${project}'`)).toBe(0);
  });

  it('and none of their credentials is in the log', () => {
    expect(api.logged()).toContain('request answered');
    expect(api.logged()).not.toContain('xxxxxxxx');
  });

  it('an Idempotency-Key that is none: 422', async () => {
    const { status, body } = await install({}, { headers: { 'Idempotency-Key': 'a b' } });
    expect([status, body['errors']]).toMatchObject([422, [{ field: 'Idempotency-Key' }]]);
  });
});

describe('the catalogue', () => {
  it('is found by category, capability and words in both languages', async () => {
    const ids = async (query: string) => {
      const { body } = await api.call('GET', `/connectors${query}`);
      return (body['connectors'] as { id: string }[]).map(({ id }) => id);
    };
    expect(await ids('')).toContain('stripe');
    expect(await ids('?category=payments&capability=apple-pay&q=CARD%20stripe')).toEqual(['stripe']);
    expect(await ids(`?q=${encodeURIComponent('مدفوعات')}`)).toContain('stripe');
    expect(await ids('?category=nothing')).toEqual([]);
    expect(await ids('?q=stripe%20nonsense')).toEqual([]);
    expect((await api.call('GET', '/connectors?colour=red')).body['errors']).toMatchObject([{ field: 'colour' }]);
  });

  it('shows a connector with its form, and no code', async () => {
    const { body } = await api.call('GET', '/connectors/stripe');
    expect(body).toMatchObject({ id: 'stripe', singleton: true, hosts: ['api.stripe.com'] });
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['credentials']));
    expect(body['credentialFields']).toMatchObject([
      { name: 'publishableKey' },
      { name: 'secretKey', secret: true },
      { name: 'webhookSecret', required: false },
    ]);
    expect((await api.call('GET', '/connectors/nonesuch')).status).toBe(404);
  });
});
