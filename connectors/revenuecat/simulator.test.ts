import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../contract/connector.ts';
import { simulatedHttp } from '../../test/conformance/simulated-http.ts';
import { revenuecat } from './index.ts';
import { RevenueCatApi } from './revenuecat-api.ts';
import { key, keysOf, recorded } from './samples.ts';
import { z } from 'zod';

const Entry = z.looseObject({ id: z.string() });
const project = '/v2/projects/projSimulated1';

describe('the simulator', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await (await revenuecat.loadSimulator())();
  });
  afterAll(() => simulator.close());

  const get = async (path: string, secretKey = key('sk', 'good'), method = 'GET') => {
    const headers = { authorization: `Bearer ${secretKey}` };
    const reply = await fetch(`${simulator.url}${path}`, { method, headers });
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
  };
  const idsOf = (items: unknown) =>
    z
      .array(Entry)
      .parse(items)
      .map(({ id }) => id);

  it('has entries with all that RevenueCat documents for them', async () => {
    const pairs = [
      ['/v2/projects', 'projects'],
      [`${project}/apps`, 'apps'],
      [`${project}/apps/appSimulatedIos/public_api_keys`, 'public-keys-ios'],
      [`${project}/entitlements`, 'entitlements'],
    ] as const;
    for (const [path, name] of pairs) {
      const { body } = await get(path);
      expect(body, name).toMatchObject({ object: 'list', next_page: null, url: path });
      const [mine, theirs] = [body, recorded(name).body].map(({ items }) => z.array(z.looseObject({})).parse(items)[0]);
      const optional = ['icon_url', 'icon_url_large', 'app_store', 'products'];
      const expected = Object.keys(theirs ?? {}).filter((field) => !optional.includes(field));
      expect(Object.keys(mine ?? {}).toSorted(), name).toEqual(expected.toSorted());
    }
  });

  it.each([
    ['revoked', 'invalid-key'],
    ['narrow', 'missing-permission'],
    ['ratelimited', 'rate-limited'],
    ['unavailable', 'unavailable'],
  ])('refuses a %s key in the documented shape', async (word, name) => {
    const { status, body } = await get('/v2/projects', key('sk', word));
    const theirs = recorded(name);
    expect(status).toBe(theirs.status);
    const { backoff_ms: _, ...rest } = theirs.body;
    expect(body).toMatchObject(rest);
  });

  it('gives lists in pages, and the probe reads them all', async () => {
    const first = await get(`${project}/apps?limit=2`);
    expect(idsOf(first.body['items'])).toEqual(['appSimulatedIos', 'appSimulatedAndroid']);
    expect(first.body['next_page']).toBe(`${project}/apps?starting_after=appSimulatedAndroid`);
    const second = await get(`${project}/apps?limit=2&starting_after=appSimulatedAndroid`);
    expect(idsOf(second.body['items'])).toEqual(['appSimulatedTest']);
    expect(second.body['next_page']).toBeNull();

    const http = simulatedHttp({ hosts: ['api.revenuecat.com'], origin: simulator.url, milliseconds: 1500, sent: [] });
    const inPages = {
      fetch: (input: string | URL | Request, init?: RequestInit) =>
        http.fetch(String(input).replace('limit=20', 'limit=2'), init),
    };
    const entries = await new RevenueCatApi(inPages, key('sk', 'good')).list('/projects/projSimulated1/apps', Entry);
    expect(entries === 'denied' || idsOf(entries)).toEqual([
      'appSimulatedIos',
      'appSimulatedAndroid',
      'appSimulatedTest',
    ]);
  });

  it('refuses what RevenueCat would: other methods, parameters, paths and V1-like keys', async () => {
    expect((await get('/v2/projects', key('sk', 'good'), 'POST')).status).toBe(400);
    expect((await get('/v2/projects?page=2')).body).toMatchObject({ type: 'parameter_error', param: 'page' });
    expect((await get('/v2/projects?limit=many')).body).toMatchObject({ param: 'limit' });
    expect((await get('/v2/projects/projOther/apps')).body).toMatchObject({ type: 'resource_missing' });
    expect((await get('/v2/projects', keysOf('live').iosKey)).status).toBe(401);
    expect(
      (await fetch(`${simulator.url}/v2/projects`, { headers: { authorization: key('sk', 'good') } })).status,
    ).toBe(401);
  });
});
