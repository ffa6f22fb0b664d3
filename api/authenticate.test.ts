import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../contract/ids.ts';
import { type Call, type TestApi, fakeKey, startTestApi } from '../test/harness/api.ts';

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

describe('tokens', () => {
  it.each([
    ['none', null],
    ['no token of ours', 'Bearer'],
    ['an unknown one', `${newId('token')}.${'x'.repeat(43)}`],
  ])('%s: 401', async (_what, token) => {
    const { status, headers, body } = await api.call('GET', '/projects', { token });
    expect([status, headers.get('WWW-Authenticate'), body['code']]).toEqual([401, 'Bearer', 'unauthorized']);
    expect(body['errors']).toMatchObject([{ field: 'Authorization' }]);
  });

  it('must hold the scope that the route needs', async () => {
    const reader = await api.token(['read']);
    const writer = await api.token(['write']);
    expect((await api.call('GET', '/connectors', { token: reader })).status).toBe(200);
    expect((await api.call('GET', '/connectors', { token: writer })).status).toBe(200);
    const refused = await install({}, { token: reader });
    expect([refused.status, refused.body['code']]).toEqual([403, 'forbidden']);
    const trusted = { name: 'a', codeHost: 'local', repository: 'a', trusted: true };
    expect((await api.call('POST', '/projects', { token: writer, body: trusted })).status).toBe(403);
  });

  it("of one project see no other's, nor make one", async () => {
    const other = await api.newProject('other');
    const mine = await api.token(['write'], project);
    const theirs = await api.queue(other);
    for (const path of [
      `/projects/${other}`,
      `/projects/${other}/connectors`,
      `/projects/${other}/connectors/${theirs.id}`,
    ])
      expect((await api.call('GET', path, { token: mine })).status).toBe(404);
    expect((await api.call('GET', `/projects/${project}/connectors/${theirs.id}`)).status).toBe(404);
    const { body } = await api.call('GET', '/projects', { token: mine });
    expect(body['projects']).toMatchObject([{ id: project }]);
    const made = await api.call('POST', '/projects', {
      token: mine,
      body: { name: 'a', codeHost: 'local', repository: 'a' },
    });
    expect(made.status).toBe(403);
  });
});
