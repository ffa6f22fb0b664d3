import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mergePullRequest } from '../code-host/local/review.ts';
import { fakeKey } from '../test/harness/api.ts';
import { type ControlledApi, passedReport, startControlledApi } from '../test/harness/control.ts';
import { type LocalHostUnderTest, makeLocalHost } from '../test/harness/local-code-host.ts';
import { smallApp } from '../test/harness/small-app.ts';

const good = { publishableKey: fakeKey('pk', 'test'), secretKey: fakeKey('sk', 'test') };
// The simulator knows this word.
const refused = { ...good, secretKey: `${fakeKey('sk', 'test')}revoked` };
let host: LocalHostUnderTest;
let api: ControlledApi;
let project: string;

beforeAll(async () => {
  host = await makeLocalHost(smallApp);
  api = await startControlledApi(host.root);
}, 120_000);
afterAll(async () => {
  await api.stop();
  await host.remove();
});

const body = (more: Record<string, unknown> = {}) => ({
  connector: 'stripe',
  environment: 'development',
  credentials: good,
  ...more,
});
const install = (more: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
  api.call('POST', `/projects/${project}/connectors`, { body: body(more), headers });
const pathOf = (id: string) => `/projects/${project}/connectors/${id}`;
const read = async (id: string) => (await api.call('GET', pathOf(id))).body;

async function until(id: string, wanted: Record<string, unknown>): Promise<void> {
  await expect.poll(() => read(id), { timeout: 30_000, interval: 100 }).toMatchObject(wanted);
}

describe('a project', () => {
  it('is registered with what its app is', async () => {
    const {
      status,
      headers,
      body: made,
    } = await api.call('POST', '/projects', {
      body: { name: 'Shop', codeHost: 'local', repository: host.repository },
      headers: { 'Idempotency-Key': 'shop' },
    });
    expect([status, made]).toMatchObject([
      201,
      { name: 'Shop', trusted: false, facts: { framework: 'expo', major: 57 } },
    ]);
    project = String(made['id']);
    expect(headers.get('Location')).toBe(`/api/v1/projects/${project}`);
    expect((await api.call('GET', `/projects/${project}`)).body).toMatchObject({
      id: project,
      repository: host.repository,
    });

    const again = await api.call('POST', '/projects', {
      body: { name: 'Shop', codeHost: 'local', repository: host.repository },
      headers: { 'Idempotency-Key': 'shop' },
    });
    expect([again.status, again.body]).toEqual([201, made]);
    const twin = await api.call('POST', '/projects', {
      body: { name: 'Twin', codeHost: 'local', repository: host.repository },
    });
    expect([twin.status, twin.body['code'], twin.body['details']]).toEqual([409, 'project_exists', { project }]);
  });

  it('is refused at once when it is no app that we know', async () => {
    const make = (more: Record<string, unknown>) =>
      api.call('POST', '/projects', { body: { name: 'x', codeHost: 'local', repository: host.repository, ...more } });
    const tool = await make({ appDir: 'tool' });
    expect([tool.status, tool.body['code'], tool.body['errors']]).toMatchObject([
      422,
      'unsupported_app',
      [{ field: 'appDir' }],
    ]);
    expect((await make({ appDir: 'nowhere' })).status).toBe(422);
    const unknown = await make({ repository: 'nonesuch' });
    expect([unknown.status, unknown.body['errors']]).toMatchObject([422, [{ field: 'repository' }]]);
  });
});

describe('a dry run', () => {
  it('gives hash, diff and next steps, and changes nothing', async () => {
    const plan = () => api.call('POST', `/projects/${project}/plans`, { body: { connector: 'stripe' } });
    const { status, body: planned } = await plan();
    expect([status, planned]).toMatchObject([
      200,
      { status: 'planned', planHash: expect.stringMatching(/^[0-9a-f]{64}$/), manual: [] },
    ]);
    expect(planned['baseCommit']).toBe(await host.git('rev-parse', 'origin/main'));
    expect(planned['diff']).toContain('+++ b/App.tsx');
    expect((await plan()).body).toEqual(planned);
    expect((await api.call('POST', `/projects/${project}/plans`, { body: { connector: 'x' } })).status).toBe(422);
  });
});

describe('credentials', () => {
  it('are tested before anything is installed, and not kept', async () => {
    const test = (credentials: object) =>
      api.call('POST', '/connectors/stripe/test', { body: { environment: 'development', credentials } });
    const passed = await test(good);
    expect([passed.status, passed.body]).toMatchObject([200, { mode: 'test', account: expect.any(String) }]);
    const failed = await test(refused);
    expect([failed.status, failed.body['code']]).toEqual([409, 'credentials_rejected']);
    expect(failed.text).not.toContain(refused.secretKey);
    const down = { ...good, secretKey: `${fakeKey('sk', 'test')}unavailable` };
    expect((await test(down)).body['code']).toBe('provider_unavailable');
    const [left] = await api.owner.execute<{ n: string }>(sql`select count(*)::text as n from submissions`);
    expect(left?.n).toBe('0');
  });
});

describe('an installation that waits for people', () => {
  it('takes the answers that its reason accepts, better credentials and an abort', async () => {
    const { status, headers, body: queued } = await install({ credentials: refused }, { 'Idempotency-Key': 'first' });
    const id = String(queued['id']);
    expect([status, queued, headers.get('Location')]).toEqual([
      202,
      { id, workflowId: id, status: 'queued' },
      `/api/v1${pathOf(id)}`,
    ]);
    const replay = await install({ credentials: refused }, { 'Idempotency-Key': 'first' });
    expect([replay.status, replay.body, replay.headers.get('Location')]).toEqual([202, queued, `/api/v1${pathOf(id)}`]);
    const reused = await install({ credentials: good }, { 'Idempotency-Key': 'first' });
    expect([reused.status, reused.body['code']]).toEqual([409, 'idempotency_key_reused']);
    expect((await install()).body).toMatchObject({ code: 'already_installed', details: { installation: id } });
    expect((await install({ alias: 'second' })).body).toMatchObject({
      code: 'already_installed',
      errors: [{ field: 'alias' }],
    });
    const live = { publishableKey: fakeKey('pk', 'live'), secretKey: fakeKey('sk', 'live') };
    expect((await install({ environment: 'production', credentials: live })).body).toMatchObject({
      code: 'operation_in_progress',
      details: { installation: id, operation: 'install', workflowId: id },
    });

    await until(id, {
      step: 'test',
      needsAttention: { reason: 'credentials_rejected' },
      operation: { operation: 'install' },
    });
    const wrong = await api.call('POST', `${pathOf(id)}/retry`, { body: { choice: 'keep' } });
    expect([wrong.status, wrong.body]).toMatchObject([
      409,
      {
        code: 'answer_not_accepted',
        details: { reason: 'credentials_rejected', accepted: ['replaceCredentials', 'retry', 'abort'] },
      },
    ]);
    const since = (await read(id))['needsAttention'];
    expect((await api.call('POST', `${pathOf(id)}/retry`)).status).toBe(202);
    await expect.poll(async () => (await read(id))['needsAttention'], { timeout: 20_000 }).not.toEqual(since);
    await until(id, { needsAttention: { reason: 'credentials_rejected' } });

    const better = await api.call('POST', `${pathOf(id)}/credentials`, { body: { credentials: good } });
    expect([better.status, better.body]).toMatchObject([202, { id, workflowId: id }]);
    await until(id, { step: 'pipeline', needsAttention: null, credentials: { version: 1, state: 'staged' } });
    expect((await api.call('POST', `${pathOf(id)}/credentials`, { body: { credentials: good } })).body['code']).toBe(
      'answer_not_accepted',
    );
    const [kept] = await api.owner.execute<{ n: string }>(
      sql`select count(*)::text as n from submissions where expires_at > now() and id not in (select submission from credential_versions)`,
    );
    expect(Number(kept?.n)).toBeLessThanOrEqual(1);

    const { body: plan } = await api.call('GET', `${pathOf(id)}/plan`);
    expect(plan).toMatchObject({ operation: 'install', status: 'planned', diff: expect.stringContaining('App.tsx') });
    const aborted = await api.call('DELETE', pathOf(id));
    expect([aborted.status, aborted.body]).toMatchObject([202, { id, workflowId: id }]);
    await until(id, { status: 'aborted', operation: null, credentials: { state: 'destroyed' } });
    expect(await api.stream(pathOf(id))).toMatch(/event: end\ndata: \{"status":"aborted"\}\n\n$/);
  }, 90_000);
});

describe('an installation that goes well', () => {
  it('streams its progress, becomes active, is disconnected, reconnected and removed', async () => {
    const id = String((await install({ options: { currency: 'eur' } })).body['id']);
    const streaming = api.stream(pathOf(id));
    await until(id, { step: 'pipeline' });
    const task = await api.takePipeline();
    await task.beat({ step: 'types', seconds: 3, done: [] });
    const beaten = await api.stream(pathOf(id), (seen) => seen.includes('event: pipeline'));
    expect(beaten).toContain('data: {"step":"pipeline","progress":{"step":"types","seconds":3,"done":[]}}');
    await task.complete(passedReport);
    await until(id, {
      status: 'in_review',
      pullRequest: { number: 1, state: 'open', draft: false },
      pipeline: [{ step: 'types', verdict: 'passed' }],
    });
    await mergePullRequest(host.root, host.repository, 1, { strategy: 'merge' });
    await until(id, {
      status: 'active',
      operation: null,
      credentials: { version: 1, state: 'current' },
      publishedNames: ['EXPO_PUBLIC_STRIPE_PUBLISHABLE_KEY', 'STRIPE_SECRET_KEY'],
      nextSteps: expect.arrayContaining([expect.objectContaining({ kind: expect.any(String) })]),
    });

    const whole = await streaming;
    const ids = [...whole.matchAll(/^id: (\d+)$/gm)].map(([, found]) => Number(found));
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    expect(new Set(ids).size).toBe(ids.length);
    expect(whole).toMatch(/event: end\ndata: \{"status":"active"\}\n\n$/);
    const middle = String(ids[Math.floor(ids.length / 2)]);
    const resumed = await api.stream(pathOf(id), undefined, middle);
    expect([...resumed.matchAll(/^id: (\d+)$/gm)].map(([, found]) => Number(found))).toEqual(
      ids.filter((one) => one > Number(middle)),
    );
    expect((await api.call('GET', `${pathOf(id)}/events`, { headers: { 'Last-Event-ID': 'x' } })).status).toBe(422);

    expect((await api.call('POST', `${pathOf(id)}/test`)).body).toMatchObject({ mode: 'test' });
    const staging = { environment: 'staging', options: { currency: 'usd' } };
    expect((await install(staging)).body).toMatchObject({
      code: 'options_differ',
      detail: expect.stringMatching(/by PATCH afterwards/),
      details: { installation: id },
    });

    expect((await api.call('DELETE', `${pathOf(id)}?keepCode=true`)).body).toMatchObject({
      workflowId: `${id}/remove`,
    });
    await until(id, {
      status: 'disconnected',
      operation: null,
      credentials: { state: 'destroyed' },
      publishedNames: [],
    });
    expect((await api.call('DELETE', `${pathOf(id)}?keepCode=true`)).body['code']).toBe('not_active');
    expect((await api.call('POST', `${pathOf(id)}/credentials`, { body: { credentials: refused } })).status).toBe(202);
    await until(id, { needsAttention: { reason: 'credentials_rejected' }, operation: { operation: 'reconnect' } });
    expect((await api.call('POST', `${pathOf(id)}/abort`)).status).toBe(202);
    await until(id, { status: 'disconnected', operation: null });
    expect((await api.call('POST', `${pathOf(id)}/credentials`, { body: { credentials: good } })).status).toBe(202);
    await until(id, { status: 'active', operation: null, credentials: { version: 2, state: 'current' } });

    expect((await api.call('DELETE', pathOf(id))).status).toBe(202);
    expect((await api.call('DELETE', pathOf(id))).body['code']).toBe('operation_in_progress');
    await until(id, { status: 'removing', step: 'pipeline' });
    await (await api.takePipeline()).complete(passedReport);
    await until(id, { pullRequest: { operation: 'remove', number: 2, state: 'open' } });
    const aborted = await api.call('POST', `${pathOf(id)}/abort`);
    expect(aborted.body).toMatchObject({ workflowId: `${id}/remove` });
    await until(id, { status: 'active', operation: null });
  }, 120_000);

  it('left no credential in what the api said and logged', () => {
    for (const secret of [good.secretKey, good.publishableKey]) expect(api.logged()).not.toContain(secret);
  });
});
