import { afterAll, beforeAll, expect, it } from 'vitest';
import { branchName } from '../contract/ids.ts';
import { scheduleIds } from '../contract/workflows.ts';
import { findDrift } from '../db/queries/drift.ts';
import { upsertSchedules } from '../temporal/schedules.ts';
import { fakeKey } from '../test/harness/api.ts';
import { type ControlledApi, passedReport, startControlledApi } from '../test/harness/control.ts';
import { type LocalHostUnderTest, makeLocalHost } from '../test/harness/local-code-host.ts';
import { smallApp } from '../test/harness/small-app.ts';

let host: LocalHostUnderTest;
let api: ControlledApi;

beforeAll(async () => {
  host = await makeLocalHost(smallApp);
  api = await startControlledApi(host.root);
}, 120_000);
afterAll(async () => {
  await api.stop();
  await host.remove();
});

const wrapper = [
  { kind: 'missing', file: 'App.tsx', what: 'ConnectorProviders is not imported' },
  { kind: 'missing', file: 'App.tsx', what: '<ConnectorProviders> is not around the app' },
];

/** Triggers the schedule, for the given time, and gives what its workflow found. */
async function look(time: number): Promise<unknown> {
  const schedule = api.client.schedule.getHandle(scheduleIds.drift);
  await schedule.trigger();
  await expect.poll(async () => (await schedule.describe()).info.numActionsTaken, { timeout: 10_000 }).toBe(time);
  const action = (await schedule.describe()).info.recentActions.at(-1)?.action;
  return api.client.workflow.getHandle(action?.workflow.workflowId ?? '').result();
}

it('a real installation is watched from its activation on, and its drift found by the schedule', async () => {
  await upsertSchedules(api.client);
  const { spec, policies } = await api.client.schedule.getHandle(scheduleIds.drift).describe();
  expect(spec).toMatchObject({ intervals: [{ every: 6 * 60 * 60_000 }], jitter: 30 * 60_000 });
  expect(policies).toMatchObject({ overlap: 'SKIP', pauseOnFailure: false });

  const project = await api.newProject(host.repository);
  const credentials = { publishableKey: fakeKey('pk', 'test'), secretKey: fakeKey('sk', 'test') };
  const body = { connector: 'stripe', environment: 'development', credentials };
  const id = String((await api.call('POST', `/projects/${project}/connectors`, { body })).body['id']);
  const path = `/projects/${project}/connectors/${id}`;
  const until = (wanted: Record<string, unknown>) =>
    expect.poll(async () => (await api.call('GET', path)).body, { timeout: 30_000 }).toMatchObject(wanted);
  await (await api.takePipeline()).complete(passedReport);
  await until({ pullRequest: { state: 'open' } });

  // A person merges it without the edit of the root, and means it.
  const root = await host.git('show', 'main:App.tsx');
  await host.git('fetch', '--quiet', 'origin');
  const branch = `origin/${branchName('install', id)}`;
  const wrapped = await host.git('show', `${branch}:App.tsx`);
  await host.git('checkout', '--quiet', 'main');
  await host.git('merge', '--quiet', '--no-ff', '--no-commit', branch);
  await host.git('checkout', 'HEAD', '--', 'App.tsx');
  await host.git('commit', '--quiet', '--message=merged by hand');
  await host.git('push', '--quiet', 'origin', 'main');
  await until({ needsAttention: { reason: 'merged_differently' } });
  await api.call('POST', `${path}/retry`, { body: { choice: 'adopt' } });
  await until({ status: 'active' });
  const { commit: merge } = await host.host.readBase(host.repository);
  const first = { baseCommit: merge, heldAt: merge, findings: [], adopted: wrapper };
  expect(await findDrift(api.control, id)).toMatchObject(first);
  expect(await look(1)).toEqual({ compared: 1, drifted: [], left: 0 });

  const heldAt = await host.person.push('main', { 'App.tsx': `${wrapped}\n` });
  expect(await look(2)).toEqual({ compared: 1, drifted: [], left: 0 });
  const baseCommit = await host.person.push('main', { 'App.tsx': `${root}\n` });
  expect(await look(3)).toEqual({ compared: 1, drifted: [id], left: 0 });
  expect(await findDrift(api.control, id)).toMatchObject({ baseCommit, heldAt, findings: wrapper, adopted: [] });
}, 120_000);
