import { inspect } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Probe, ProbeInput } from '../../contract/connector.ts';
import { GraftError } from '../../contract/errors.ts';
import { revenuecat } from './index.ts';
import { type Recorded, key, keysOf, recorded } from './samples.ts';

const replay = ({ status, headers, body }: Recorded) => new Response(JSON.stringify(body), { status, headers });
const project = '/v2/projects/proj1ab2c3d4';
const all: Record<string, string> = {
  '/v2/projects': 'projects',
  [`${project}/apps`]: 'apps',
  [`${project}/apps/app1a2b3c4/public_api_keys`]: 'public-keys-ios',
  [`${project}/apps/app5d6e7f8/public_api_keys`]: 'public-keys-android',
  [`${project}/entitlements`]: 'entitlements',
};
// As the fixtures have them.
const keys = {
  iosKey: ['appl', '1ab2c3d4'].join('_'),
  androidKey: ['goog', '1ab2c3d4'].join('_'),
  secretKey: key('sk', 'good'),
};

let probe: Probe;
beforeAll(async () => {
  probe = await revenuecat.loadProbe();
});
const run = (replies: Record<string, string>, change: Partial<ProbeInput> = {}) =>
  probe({
    credentials: keys,
    options: { entitlement: 'premium' },
    environment: 'production',
    http: {
      fetch: async (input) => replay(recorded(replies[new URL(String(input)).pathname] ?? 'missing-permission')),
    },
    ...change,
  });

describe('documented replies', () => {
  it('name the project, and what could not be proved', async () => {
    const report = await run(all);
    expect(report).toMatchObject({ account: 'MagicWeather (proj1ab2c3d4)', mode: undefined });
    expect(report.notes).toEqual([expect.stringContaining('cannot prove that products can be bought')]);
  });

  it('say that the entitlement is not there, or may not be looked for', async () => {
    const absent = await run(all, { options: { entitlement: 'gold' } });
    expect(absent.notes[0]).toMatch(/no entitlement "gold" yet/);
    const denied = await run({ ...all, [`${project}/entitlements`]: 'missing-permission' });
    expect(denied.notes[0]).toMatch(/project_configuration:entitlements:read.*"premium" was not looked for/);
  });

  it('name each permission that is missing', async () => {
    await expect(run({})).rejects.toMatchObject({
      code: 'permission_missing',
      details: { permissions: ['project_configuration:projects:read', 'project_configuration:apps:read'] },
      fields: [{ field: 'secretKey' }],
    });
    await expect(run({ '/v2/projects': 'projects' })).rejects.toMatchObject({
      code: 'permission_missing',
      message: expect.stringContaining('genuine'),
      details: { permissions: ['project_configuration:apps:read'] },
    });
  });

  it.each([
    ['invalid-key', { code: 'credentials_rejected', fields: [{ field: 'secretKey' }] }],
    ['rate-limited', { code: 'provider_unavailable', retryAfterSeconds: 12 }],
    ['unavailable', { code: 'provider_unavailable' }],
  ])('tell %s', async (name, error) => {
    await expect(run({ ...all, '/v2/projects': name })).rejects.toMatchObject(error);
    await expect(run({ ...all, [`${project}/entitlements`]: name })).rejects.toMatchObject(error);
  });
});

describe('SDK keys', () => {
  it('of another project are refused, each by its field', async () => {
    const credentials = { ...keys, iosKey: key('appl', 'other'), androidKey: key('goog', 'other') };
    await expect(run(all, { credentials })).rejects.toMatchObject({
      code: 'credentials_rejected',
      fields: [
        { field: 'iosKey', fix: expect.stringContaining('same project') },
        { field: 'androidKey', fix: expect.stringContaining('same project') },
      ],
    });
  });

  it('of a store that the project does not have are refused', async () => {
    const credentials = { ...keys, testStoreKey: key('test', 'good') };
    await expect(run(all, { credentials, environment: 'development' })).rejects.toMatchObject({
      code: 'credentials_rejected',
      fields: [{ field: 'testStoreKey', fix: expect.stringContaining('no such app') }],
    });
  });

  it('of the Test Store are refused for production before anything is asked', async () => {
    const http = { fetch: async () => expect.fail('it called RevenueCat') };
    const attempt = run(all, { credentials: keysOf('test'), http });
    await expect(attempt).rejects.toMatchObject({ code: 'mode_mismatch', fields: [{ field: 'testStoreKey' }] });
  });

  it('that were left out are not asked for', async () => {
    const { iosKey: _, ...credentials } = keys;
    const { [`${project}/apps/app1a2b3c4/public_api_keys`]: __, ...replies } = all;
    expect(await run(replies, { credentials: { ...credentials, iosKey: '' } })).toMatchObject({ mode: undefined });
  });
});

describe('what is no answer', () => {
  const answering = (body: string, status = 200) => ({ fetch: async () => new Response(body, { status }) });

  it.each([['null'], ['[]'], ['{}'], ['"text"'], [''], ['{"object":"list","items":[]}'], ['{"object":"list"}']])(
    '%s is none',
    async (body) => {
      await expect(run(all, { http: answering(body) })).rejects.toMatchObject({ code: 'provider_unavailable' });
    },
  );

  it('is a refusal that is not RevenueCat’s own', async () => {
    const http = answering('<html>Blocked</html>', 403);
    await expect(run(all, { http })).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('is a project whose id would lead elsewhere', async () => {
    const item = { object: 'project', id: '../../v1/subscribers', name: 'x' };
    const http = answering(JSON.stringify({ object: 'list', items: [item] }));
    await expect(run(all, { http })).rejects.toMatchObject({ code: 'provider_unavailable' });
  });
});

it('keeps back what a reply says about the key', async () => {
  for (const status of [200, 400, 401, 403, 404, 423, 429, 500]) {
    const body = { object: 'error', type: 'authorization_error', message: `Not with ${keys.secretKey}` };
    const http = { fetch: async () => new Response(JSON.stringify(body), { status }) };
    const error: unknown = await run(all, { http }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GraftError);
    expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(keys.secretKey);
  }
});

it('does not call RevenueCat with a key that has not the form of one', async () => {
  const http = { fetch: async () => expect.fail('it called RevenueCat') };
  const credentials = { ...keys, secretKey: 'sk_xxxxxxxxxx\r\ny' };
  await expect(run(all, { credentials, http })).rejects.toMatchObject({
    code: 'credentials_rejected',
    fields: [{ field: 'secretKey' }],
  });
});
