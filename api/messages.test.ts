import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimOperation } from '../db/queries/operations.ts';
import { recordProgress } from '../db/queries/progress.ts';
import { type TestApi, fakeKey, startTestApi } from '../test/harness/api.ts';

// Nothing listens at that address: these are about all that comes before Temporal, or without it.
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi('127.0.0.1:1');
});
afterAll(() => api.stop());

const good = { publishableKey: fakeKey('pk', 'test'), secretKey: fakeKey('sk', 'test') };

describe('a list of installations', () => {
  it('is filtered by status and by what needs attention', async () => {
    const place = await api.newProject('listed');
    const waiting = await api.queue(place);
    const active = await api.queue(place, 'active', 'second');
    await recordProgress(api.control, {
      installation: waiting.id,
      status: 'running',
      step: 'test',
      reason: 'credentials_rejected',
      event: 'waiting',
      data: { reason: 'credentials_rejected', message: 'The key was refused.' },
    });
    const list = async (query: string) => {
      const { body } = await api.call('GET', `/projects/${place}/connectors${query}`);
      return (body['connectors'] as { id: string }[]).map(({ id }) => id).toSorted();
    };
    expect(await list('')).toEqual([waiting.id, active.id].toSorted());
    expect(await list('?status=active')).toEqual([active.id]);
    expect(await list('?status=active,running')).toHaveLength(2);
    expect(await list('?needsAttention=true')).toEqual([waiting.id]);
    expect(await list('?needsAttention=false')).toEqual([active.id]);
    expect((await api.call('GET', `/projects/${place}/connectors?status=happy`)).status).toBe(422);
    const { body } = await api.call('GET', `/projects/${place}/connectors/${waiting.id}`);
    expect(body).toMatchObject({
      status: 'running',
      step: 'test',
      needsAttention: {
        reason: 'credentials_rejected',
        message: 'The key was refused.',
        answers: ['replaceCredentials', 'retry', 'abort'],
        since: expect.stringMatching(/^\d{4}-/),
      },
      operation: null,
      plan: null,
      pullRequest: null,
      credentials: null,
      publishedNames: [],
    });
  });
});

describe('messages', () => {
  it('to what does not run are refused with the state', async () => {
    const place = await api.newProject('idle');
    const active = await api.queue(place, 'active');
    const removed = await api.queue(place, 'removed', 'gone');
    const to = (id: string, what: string, body?: unknown) =>
      api.call('POST', `/projects/${place}/connectors/${id}${what}`, { body });
    expect((await to(active.id, '/retry')).body).toMatchObject({
      code: 'answer_not_accepted',
      details: { status: 'active' },
    });
    expect((await to(active.id, '/abort')).status).toBe(409);
    expect((await to(active.id, '/credentials', { credentials: good })).body).toMatchObject({
      code: 'answer_not_accepted',
    });
    expect((await to(active.id, '/retry', { choice: 'maybe' })).body['errors']).toMatchObject([{ field: 'choice' }]);
    expect((await to(removed.id, '/test')).body).toMatchObject({ code: 'not_active', details: { status: 'removed' } });
    expect((await api.call('DELETE', `/projects/${place}/connectors/${removed.id}`)).body['code']).toBe('not_active');
    expect(await api.count(`operations where project = '${place}'`)).toBe(0);
  });

  it('that test are limited to ten a minute for each token', async () => {
    const token = await api.token(['write']);
    const test = () =>
      api.call('POST', '/connectors/stripe/test', { token, body: { environment: 'moon', credentials: good } });
    for (let count = 0; count < 10; count += 1) expect((await test()).status).toBe(422);
    const { status, headers, body } = await test();
    expect([status, body['code']]).toEqual([429, 'rate_limited']);
    const wait = Number(headers.get('Retry-After'));
    expect(wait > 0 && wait <= 60).toBe(true);
  });
});

// They wait side by side for a Temporal that does not come.
describe.concurrent('while Temporal is away', () => {
  it('what needs an inspection is not taken, and nothing is stored', async ({ expect }) => {
    const place = await api.newProject('unseen');
    const { status, headers, body } = await api.call('POST', `/projects/${place}/connectors`, {
      body: { connector: 'stripe', environment: 'development', credentials: good },
      headers: { 'Idempotency-Key': 'unseen' },
    });
    expect([status, body['code']]).toEqual([503, 'unavailable']);
    expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await api.call('GET', `/projects/${place}/connectors`)).body['connectors']).toEqual([]);
    expect(await api.count(`submissions where project = '${place}'`)).toBe(0);
    expect(await api.count(`idempotency_keys where key = 'unseen'`)).toBe(0);
  });

  it('to what runs: 503, and the state stays', async ({ expect }) => {
    const installation = await api.queue(await api.newProject('running'));
    await claimOperation(api.owner, installation, 'install');
    const path = `/projects/${installation.project}/connectors/${installation.id}`;
    const answers = await Promise.all([
      api.call('POST', `${path}/abort`),
      api.call('POST', `${path}/retry`, { body: {} }),
      api.call('DELETE', path),
    ]);
    for (const { status, headers } of answers) expect([status, headers.has('Retry-After')]).toEqual([503, true]);
  });

  it('that start something are accepted: the claim stays for reconciliation', async ({ expect }) => {
    const installation = await api.queue(await api.newProject('later'), 'active');
    const path = `/projects/${installation.project}/connectors/${installation.id}`;
    const { status, body } = await api.call('DELETE', `${path}?keepCode=true`);
    expect([status, body]).toEqual([
      202,
      { id: installation.id, workflowId: `${installation.id}/remove`, status: 'active' },
    ]);
    const { body: now } = await api.call('GET', path);
    expect(now['operation']).toEqual({ operation: 'disconnect', workflowId: `${installation.id}/remove` });
    const again = await api.call('DELETE', path);
    expect([again.status, again.body['code'], again.body['details']]).toEqual([
      409,
      'operation_in_progress',
      { installation: installation.id, operation: 'disconnect', workflowId: `${installation.id}/remove` },
    ]);
  });

  it('that reconnect seal new credentials and claim', async ({ expect }) => {
    const installation = await api.queue(await api.newProject('apart'), 'disconnected');
    const path = `/projects/${installation.project}/connectors/${installation.id}`;
    const wrong = await api.call('POST', `${path}/credentials`, { body: { credentials: { ...good, secretKey: 'x' } } });
    expect(wrong.body['errors']).toMatchObject([{ field: 'credentials.secretKey' }]);
    const { status, body } = await api.call('POST', `${path}/credentials`, { body: { credentials: good } });
    expect([status, body]).toMatchObject([202, { id: installation.id, workflowId: installation.id }]);
    const [stored] = await api.owner.execute<{ sealed: Buffer }>(
      sql`select sealed from submissions where installation = ${installation.id}`,
    );
    expect(stored?.sealed.length).toBeGreaterThan(100);
    expect(stored?.sealed.includes(good.secretKey)).toBe(false);
  });

  it('a test gets no answer, and its submission is not kept', async ({ expect }) => {
    const { status } = await api.call('POST', '/connectors/stripe/test', {
      body: { environment: 'staging', credentials: good },
    });
    expect([status, await api.count('submissions where request is not null')]).toEqual([503, 0]);
  });
});
