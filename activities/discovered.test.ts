import type { Payload } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { key, projectUrl } from '../connectors/supabase/samples.ts';
import { closeDatabase, connectDatabase } from '../db/connect.ts';
import { countLeftovers } from '../db/queries/leftovers.ts';
import { mergePullRequest } from '../code-host/local/review.ts';
import { branchName, workflowId } from '../contract/ids.ts';
import { type ControlledApi, passedReport, startControlledApi } from '../test/harness/control.ts';
import { type LocalHostUnderTest, makeLocalHost } from '../test/harness/local-code-host.ts';
import { smallApp } from '../test/harness/small-app.ts';

const types = 'connectors/supabase/database.types.ts';
const keys = (word = 'good') => ({ projectUrl, publishableKey: key('publishable', word) });
const withSecret = (word = 'good') => ({ ...keys(word), secretKey: key('secret', word) });
let host: LocalHostUnderTest;
let api: ControlledApi;
let project: string;
let pullRequest = 0;
beforeAll(async () => {
  host = await makeLocalHost(smallApp);
  api = await startControlledApi(host.root);
  const body = { name: 'Shop', codeHost: 'local', repository: host.repository };
  project = String((await api.call('POST', '/projects', { body })).body['id']);
}, 120_000);
afterAll(async () => {
  await api.stop();
  await host.remove();
});

const pathOf = (installation: string) => `/projects/${project}/connectors/${installation}`;
async function install(body: object): Promise<string> {
  const asked = { connector: 'supabase', environment: 'development', ...body };
  return String((await api.call('POST', `/projects/${project}/connectors`, { body: asked })).body['id']);
}
async function until(installation: string, wanted: Record<string, unknown>): Promise<void> {
  const read = async () => (await api.call('GET', pathOf(installation))).body;
  await expect.poll(read, { timeout: 30_000, interval: 100 }).toMatchObject(wanted);
}
/** Ids of what is active, the oldest first. */
async function installations(): Promise<string[]> {
  const { body } = await api.call('GET', `/projects/${project}/connectors?status=active`);
  return (body['connectors'] as { id: string }[]).map(({ id }) => id).toReversed();
}
async function mergeNext(installation: string, status = 'active'): Promise<void> {
  await (await api.takePipeline()).complete(passedReport);
  pullRequest += 1;
  await until(installation, { pullRequest: { number: pullRequest, state: 'open' } });
  await mergePullRequest(host.root, host.repository, pullRequest, { strategy: 'squash' });
  await until(installation, { status, operation: null });
}
async function show(revision: string, file = types): Promise<string> {
  await host.git('fetch', '--quiet');
  return host.git('show', `origin/${revision}:${file}`);
}

/** All that a workflow's history holds, decrypted. */
async function readHistory(id: string): Promise<string> {
  const history = await api.client.workflow.getHandle(id).fetchHistory();
  const payloads: Payload[] = [];
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('metadata' in value && 'data' in value && value.data instanceof Uint8Array) payloads.push(value as Payload);
    else for (const each of Object.values(value)) collect(each);
  };
  collect(history);
  const { payloadCodecs } = api.client.options.loadedDataConverter;
  let decoded = payloads;
  for (const codec of payloadCodecs) decoded = await codec.decode(decoded);
  return decoded.map(({ data }) => Buffer.from(data ?? []).toString()).join('\n');
}

describe('what a provider told', () => {
  let first: string;

  it('may be agreed to as well, by the plan that shows it', async () => {
    const refused = await install({ credentials: withSecret(), planHash: 'a'.repeat(64) });
    await until(refused, { needsAttention: { reason: 'project_changed' } });
    const { body: shown } = await api.call('GET', `${pathOf(refused)}/plan`);
    expect(shown['diff']).toContain('+          project_id: string;');
    await api.call('POST', `${pathOf(refused)}/abort`);
    await until(refused, { status: 'aborted', operation: null });
    const again = await install({ credentials: withSecret(), planHash: shown['planHash'] });
    await until(again, { step: 'pipeline', needsAttention: null });
    await (await api.takePipeline()).refuse('sandbox_missing', 'Not today.');
    await until(again, { needsAttention: { reason: 'sandbox_missing' } });
    await api.call('POST', `${pathOf(again)}/abort`);
    await until(again, { status: 'aborted', operation: null });
  }, 60_000);

  it('is written into the app by the plan that was agreed to without it, and goes through no workflow', async () => {
    const { body: planned } = await api.call('POST', `/projects/${project}/plans`, { body: { connector: 'supabase' } });
    expect(planned['diff']).toContain('+          title: string;');
    first = await install({ credentials: withSecret(), planHash: planned['planHash'] });
    await (await api.takePipeline()).complete(passedReport);
    pullRequest += 1;
    await until(first, { status: 'in_review', pullRequest: { number: pullRequest } });
    expect(await show(branchName('install', first))).toContain('          project_id: string;');
    expect((await host.host.readPullRequest(host.repository, pullRequest)).body).toContain(
      "The tables of the project's schema",
    );
    const history = await readHistory(workflowId.install(first));
    expect(history).toContain('the Supabase project');
    expect(history).not.toContain('project_id');
    await mergePullRequest(host.root, host.repository, pullRequest, { strategy: 'squash' });
    await until(first, { status: 'active', operation: null });
  }, 60_000);

  it('stays when another environment comes, whatever its project tells', async () => {
    const before = await show('main');
    for (const [environment, credentials] of [
      ['staging', keys()],
      ['production', withSecret('hiddenschema')],
    ] as const)
      await until(await install({ environment, credentials }), {
        status: 'active',
        operation: null,
        pullRequest: null,
      });
    expect(await show('main')).toBe(before);
  }, 60_000);

  it('is asked again by an update, and what people wrote over it stays', async () => {
    const example = await api.call('POST', `/projects/${project}/plans`, {
      body: { connector: 'supabase', options: { storage: true } },
    });
    expect(example.body['diff']).not.toContain('database.types.ts');

    await host.person.push('main', {
      [types]: '// by supabase gen types\nexport type Database = { public: never };\n',
    });
    expect((await api.call('PATCH', pathOf(first), { body: { options: { table: 'notes' } } })).status).toBe(202);
    await mergeNext(first);
    expect(await show('main')).toContain('by supabase gen types');
    expect(await show('main', 'connectors/supabase/rows.ts')).toContain("['notes']");
  }, 60_000);

  it('serves an update of an environment that was told nothing', async () => {
    const [, staging] = await installations();
    expect(await show('main')).toContain('by supabase gen types');
    await host.person.push('main', {});
    await host.git('rm', '--quiet', types);
    await host.git('commit', '--quiet', '--message=lost');
    await host.git('push', '--quiet', 'origin', 'HEAD:main');
    const path = pathOf(staging ?? '');
    expect((await api.call('PATCH', path, { body: { options: { table: 'orders' } } })).status).toBe(202);
    await mergeNext(staging ?? '');
    expect(await show('main')).toMatch(/ {6}orders: \{[^]* {6}projects: \{/);
    expect(await show('main', '.graft/supabase.json')).toContain('"source": "provider"');
  }, 60_000);

  it('goes with the last installation', async () => {
    const all = await installations();
    expect(all).toHaveLength(3);
    const database = connectDatabase(api.urls.url);
    expect(await countLeftovers(database, first)).toMatchObject({ discoveries: 1 });
    for (const id of all.filter((one) => one !== first)) {
      await api.call('DELETE', pathOf(id));
      await until(id, { status: 'removed' });
    }
    await api.call('DELETE', pathOf(first));
    await mergeNext(first, 'removed');
    expect(await countLeftovers(database, first)).toMatchObject({ discoveries: 0 });
    await closeDatabase(database);
  }, 60_000);
});
