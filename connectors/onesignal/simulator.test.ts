import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../contract/connector.ts';
import { onesignal } from './index.ts';
import { appId, key, recorded } from './samples.ts';

describe('the simulator', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await (await onesignal.loadSimulator())();
  });
  afterAll(() => simulator.close());

  const segments = `/apps/${appId}/segments`;
  const get = async (path: string, authorization = `Key ${key('good')}`, method = 'GET') => {
    const reply = await fetch(`${simulator.url}${path}`, { method, headers: { authorization } });
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
  };

  it('answers with all that OneSignal documents', async () => {
    const { status, body } = await get(`${segments}?limit=1`);
    const theirs = recorded('segments');
    expect(status).toBe(theirs.status);
    expect(shapeOf(body)).toEqual(shapeOf(theirs.body));
    expect((await get(`${segments}?offset=1`)).body).toMatchObject({ total_count: 1, offset: 1, segments: [] });
  });

  it.each([
    ['revoked', 'access-denied'],
    ['ratelimited', 'rate-limited'],
  ])('refuses a %s key in the documented words', async (word, name) => {
    const { status, body } = recorded(name);
    expect(await get(segments, `Key ${key(word)}`)).toEqual({ status, body });
  });

  it('refuses what OneSignal would: other schemes, methods, parameters and paths', async () => {
    for (const scheme of ['Basic', 'Bearer'])
      expect((await get(segments, `${scheme} ${key('good')}`)).status).toBe(401);
    expect((await get(segments, `Key ${key('good').slice(0, 40)}`)).status).toBe(401);
    expect((await get(segments, `Key ${key('good')}`, 'POST')).status).toBe(400);
    expect((await get(`${segments}?page=2`)).status).toBe(400);
    expect((await get(`${segments}?limit=many`)).status).toBe(400);
    expect((await get(`/apps/${appId}`)).status).toBe(404);
    expect((await get('/apps/nothing/segments')).status).toBe(404);
    expect((await get(segments, `Key ${key('noapp')}`)).status).toBe(404);
  });
});

/** Names and types of what a reply holds. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shapeOf(one)]));
}
