import { randomBytes } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rewriteLocalPullRequest } from '../code-host/local/pull-request.ts';
import { closeByReviewer, mergePullRequest } from '../code-host/local/review.ts';
import type { Reconciled } from '../contract/activities.ts';
import { branchName } from '../contract/ids.ts';
import { scheduleIds, taskQueues } from '../contract/workflows.ts';
import { insertDelivery } from '../db/queries/deliveries.ts';
import { keepAnswer } from '../db/queries/idempotency-keys.ts';
import { claimOperation } from '../db/queries/operations.ts';
import { recordProgress } from '../db/queries/progress.ts';
import { insertSubmission } from '../db/queries/submissions.ts';
import { upsertSchedules } from '../temporal/schedules.ts';
import { fakeKey } from '../test/harness/api.ts';
import { type ControlledApi, passedReport, startControlledApi } from '../test/harness/control.ts';
import { type LocalHostUnderTest, makeLocalHost } from '../test/harness/local-code-host.ts';
import { smallApp } from '../test/harness/small-app.ts';

const good = { publishableKey: fakeKey('pk', 'test'), secretKey: fakeKey('sk', 'test') };
let host: LocalHostUnderTest;
let api: ControlledApi;
let project: string;

beforeAll(async () => {
  host = await makeLocalHost(smallApp);
  api = await startControlledApi(host.root);
  project = await api.newProject(host.repository);
}, 120_000);
afterAll(async () => {
  await api.stop();
  await host.remove();
});

const pathOf = (id: string) => `/projects/${project}/connectors/${id}`;
const read = async (id: string) => (await api.call('GET', pathOf(id))).body;
const until = (id: string, wanted: Record<string, unknown>) =>
  expect.poll(() => read(id), { timeout: 30_000, interval: 100 }).toMatchObject(wanted);
const terminate = (workflowId: string) => api.client.workflow.getHandle(workflowId).terminate('a test loses it');

async function reconcile(): Promise<Reconciled> {
  // The api's own start is waited for a moment: let it be over.
  await api.owner.execute(sql`update operations set created_at = created_at - interval '11 seconds'`);
  const workflowId = `reconcile-${randomBytes(4).toString('hex')}`;
  const reconciled: unknown = await api.client.workflow.execute('reconcileInstallations', {
    workflowId,
    taskQueue: taskQueues.control,
  });
  return reconciled as Reconciled;
}

async function install(more: Record<string, unknown> = {}): Promise<string> {
  // One of these tests declines.
  const body = { connector: 'stripe', environment: 'development', credentials: good, again: true, ...more };
  const { body: answer } = await api.call('POST', `/projects/${project}/connectors`, { body });
  return String(answer['id']);
}

async function validated(id: string): Promise<void> {
  await until(id, { step: 'pipeline' });
  await (await api.takePipeline()).complete(passedReport);
}

async function installUntilReview(): Promise<{ id: string; number: number }> {
  const id = await install();
  await validated(id);
  await until(id, { status: 'in_review', pullRequest: { state: 'open' } });
  return { id, number: await numberOf(id) };
}

async function numberOf(id: string): Promise<number> {
  return ((await read(id))['pullRequest'] as { number: number }).number;
}

/** What a lost try leaves: a commit of ours on its branch, and no pull request. */
async function leave(id: string): Promise<void> {
  await host.host.commit({
    repository: host.repository,
    branch: branchName('install', id),
    parents: [(await host.host.readBase(host.repository)).commit],
    onto: (await host.host.readBase(host.repository)).commit,
    expectedHead: null,
    changes: [{ path: 'left.txt', mode: '100644', bytes: Buffer.from('left\n') }],
    message: 'Left by a lost try',
  });
}

async function aborted(id: string): Promise<void> {
  await api.call('POST', `${pathOf(id)}/abort`);
  await until(id, { status: 'aborted', operation: null });
}

describe('an installation whose workflow is lost', () => {
  it('in review, is in review again with the same pull request, once, and becomes active by its merge', async () => {
    const { id, number } = await installUntilReview();
    const head = await host.git('ls-remote', 'origin', branchName('install', id));
    expect((await reconcile()).started).toEqual([]);
    await terminate(id);
    expect((await reconcile()).started).toEqual([id]);
    expect((await reconcile()).started).toEqual([]);
    await validated(id);
    await until(id, { status: 'in_review', pullRequest: { number, state: 'open' }, credentials: { version: 1 } });
    expect(await host.git('ls-remote', 'origin', branchName('install', id))).toBe(head);

    await mergePullRequest(host.root, host.repository, number);
    await until(id, { status: 'active', operation: null });
    expect((await reconcile()).started).toEqual([]);

    // The removal is merged while its workflow is lost.
    await api.call('DELETE', pathOf(id));
    await validated(id);
    await until(id, { pullRequest: { operation: 'remove', state: 'open' } });
    await terminate(`${id}/remove`);
    await mergePullRequest(host.root, host.repository, await numberOf(id));
    expect((await reconcile()).started).toEqual([`${id}/remove`]);
    await until(id, { status: 'removed', credentials: { state: 'destroyed' }, publishedNames: [] });
    expect((await reconcile()).started).toEqual([]);
  }, 90_000);

  it('rolls forward when the merge came meanwhile, and validates what people pushed meanwhile', async () => {
    const { id, number } = await installUntilReview();
    await terminate(id);
    const pushed = await host.person.push(branchName('install', id), { 'notes.md': 'ours\n' });
    await reconcile();
    await validated(id);
    // The plan, and then the head that nobody has validated.
    await until(id, { step: 'pipeline', pullRequest: { number, head: pushed } });
    await validated(id);
    await until(id, { status: 'in_review', step: 'pull_request' });
    await terminate(id);
    await mergePullRequest(host.root, host.repository, number);
    await reconcile();
    await until(id, { status: 'active', operation: null, publishedNames: [expect.any(String), expect.any(String)] });

    await api.call('DELETE', pathOf(id));
    await validated(id);
    await until(id, { pullRequest: { operation: 'remove', state: 'open' } });
    const removal = await numberOf(id);
    await closeByReviewer(host.root, host.repository, removal, 'Not now.');
    await until(id, { status: 'active', operation: null });
    // The next removal is asked for while the workflow of the first has not quite ended, and has its own pull request.
    await api.client.workflow.getHandle(`${id}/remove`).result();
    await api.client.workflow.start('nobodyRunsIt', { workflowId: `${id}/remove`, taskQueue: 'nobody' });
    const asked = api.call('DELETE', pathOf(id));
    await until(id, { operation: { operation: 'remove' } });
    await terminate(`${id}/remove`);
    expect((await asked).status).toBe(202);
    await validated(id);
    await until(id, { pullRequest: { operation: 'remove', number: removal + 1, state: 'open' } });
    await mergePullRequest(host.root, host.repository, removal + 1);
    await until(id, { status: 'removed' });
  }, 90_000);

  it('validates the head of its pull request where the base moved on meanwhile', async () => {
    const { id, number } = await installUntilReview();
    const { head, body } = await host.host.readPullRequest(host.repository, number);
    await terminate(id);
    await host.person.push('main', { 'notes.md': 'nothing of ours\n' });
    await reconcile();
    // The plan at the new base, which is nobody's commit, and then the head.
    await validated(id);
    const pipeline = await api.takePipeline();
    expect(await host.host.readPullRequest(host.repository, number)).toMatchObject({
      head,
      draft: true,
      body: expect.stringContaining(body),
    });
    await pipeline.complete(passedReport);
    await until(id, { status: 'in_review', step: 'pull_request', pullRequest: { head, draft: false } });
    await aborted(id);
  }, 60_000);

  it('is declined when its pull request was closed meanwhile', async () => {
    const { id, number } = await installUntilReview();
    const { head } = await host.host.readPullRequest(host.repository, number);
    await host.git('fetch', '--quiet', 'origin');
    await terminate(id);
    await closeByReviewer(host.root, host.repository, number, 'No.');
    await reconcile();
    await validated(id);
    await until(id, { status: 'declined', operation: null, pullRequest: { number, state: 'closed' } });
    expect(await host.host.listBranches(host.repository, 'graft')).toEqual([]);

    // Whoever restores the branch and opens it again hears why that leads nowhere, without a webhook, and keeps it.
    await host.git('push', '--quiet', 'origin', `${head}:refs/heads/${branchName('install', id)}`);
    await rewriteLocalPullRequest(host.bare, number, () => ({ state: 'open' }));
    for (const _twice of [1, 2]) expect((await reconcile()).branches).toEqual([]);
    expect(await host.host.listBranches(host.repository, 'graft')).toEqual([branchName('install', id)]);
    const { comments } = await host.said(number, head);
    expect(comments.filter((comment) => comment.includes('it is declined'))).toHaveLength(1);
    await closeByReviewer(host.root, host.repository, number, 'No, really.');
    expect((await reconcile()).branches).toEqual([`${host.repository}:${branchName('install', id)}`]);
  }, 60_000);

  it('goes on undoing, to the end that it was undone for', async () => {
    const { id, number } = await installUntilReview();
    await terminate(id);
    const data = { message: 'Nobody merged it.', outcome: 'expired' } as const;
    const undoing = { installation: id, status: 'undoing', step: 'deactivate', event: 'started', data } as const;
    await recordProgress(api.control, undoing);
    await reconcile();
    await until(id, {
      status: 'expired',
      message: 'Nobody merged it.',
      pullRequest: { number, state: 'closed' },
      credentials: { state: 'destroyed' },
    });
  }, 60_000);

  it('plans anew when the base moved between its commit and its pull request', async () => {
    const id = await install();
    await until(id, { step: 'pipeline' });
    await terminate(id);
    await leave(id);
    await host.person.push('main', { 'readme.md': 'moved\n' });
    await reconcile();
    await validated(id);
    await until(id, { status: 'in_review', pullRequest: { state: 'open' } });
    const base = (await host.host.readBase(host.repository)).commit;
    await host.git('fetch', '--quiet', 'origin');
    const commits = await host.git('rev-list', `origin/${branchName('install', id)}`, `^${base}`);
    expect(commits.split('\n')).toHaveLength(1);
    await aborted(id);
  }, 60_000);
});

describe('an installation that was never started', () => {
  it('is started, and asks for credentials when its own are over', async () => {
    const queued = await api.queue(project);
    await claimOperation(api.owner, queued, 'install');
    const at = { project, installation: queued.id, connector: 'stripe', environment: 'development' } as const;
    const binding = { kind: 'installation', submission: `sub_${queued.id.slice(4)}`, ...at } as const;
    await insertSubmission(api.owner, binding, Uint8Array.of(1));
    await api.owner.execute(sql`update submissions set expires_at = now()`);
    expect(await reconcile()).toMatchObject({ started: [queued.id], submissions: 1 });
    await until(queued.id, { step: 'test', needsAttention: { reason: 'credentials_expired' } });

    await api.call('POST', `${pathOf(queued.id)}/credentials`, { body: { credentials: good } });
    await validated(queued.id);
    await until(queued.id, { status: 'in_review' });
    await aborted(queued.id);
  }, 60_000);
});

describe('leftovers', () => {
  it('of operations that ended go, and what is of people or still in time stays', async () => {
    const { id } = await installUntilReview();
    const own = branchName('install', id);
    await host.person.push(own, { 'mine.md': 'mine\n' });
    await aborted(id);
    const ended = await api.queue(project, 'removed', 'ended');
    await leave(ended.id);
    const running = await installUntilReview();
    await host.person.push('graft/idea', {});

    const [old, young] = [
      await api.artifacts.put(project, Buffer.from('old')),
      await api.artifacts.put(project, Buffer.from('young')),
    ];
    const longAgo = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
    await utimes(join(api.artifactsFolder, project, old), longAgo, longAgo);
    const [token] = await api.owner.execute<{ id: string }>(sql`select id from tokens limit 1`);
    for (const key of ['over', 'kept']) {
      const request = { token: String(token?.id), route: 'POST /', key, bodyHash: Uint8Array.of(1) };
      await keepAnswer(api.owner, request, { status: 202, location: '', response: {} });
    }
    await api.owner.execute(sql`update idempotency_keys set expires_at = now() where key = 'over'`);

    for (const key of ['old', 'young']) {
      const rest = { event: 'push', action: '', repository: 'octo/app', branch: 'main', number: null };
      await insertDelivery(api.owner, { id: key, ...rest });
    }
    await api.owner.execute(sql`update deliveries set received_at = now() - interval '8 days' where id = 'old'`);

    const done = await reconcile();
    const late = `${host.repository}:${branchName('install', ended.id)}`;
    expect(done).toEqual({
      started: [],
      branches: [late],
      submissions: 0,
      idempotencyKeys: 1,
      artifacts: 1,
      deliveries: 1,
    });
    expect(await api.count(`deliveries where id = 'young'`)).toBe(1);
    expect(await api.count(`idempotency_keys where key = 'kept'`)).toBe(1);
    expect(await host.host.listBranches(host.repository, 'graft')).toEqual(
      [own, branchName('install', running.id), 'graft/idea'].toSorted(),
    );
    await expect(api.artifacts.get(project, old)).rejects.toMatchObject({ code: 'not_found' });
    expect(Buffer.from(await api.artifacts.get(project, young)).toString()).toBe('young');
    await aborted(running.id);
  }, 60_000);
});

describe('a plan that was agreed to', () => {
  it('is compared before the first pull request, and neither when it is lost later nor for what comes after', async () => {
    const agreed = String(
      (await api.call('POST', `/projects/${project}/plans`, { body: { connector: 'stripe' } })).body['planHash'],
    );
    const other = await install({ planHash: 'a'.repeat(64) });
    await until(other, { step: 'generate', needsAttention: { reason: 'project_changed' } });
    expect((await api.call('GET', `${pathOf(other)}/plan`)).body).toMatchObject({ planHash: agreed });
    await aborted(other);

    const id = await install({ planHash: agreed });
    await validated(id);
    await until(id, { status: 'in_review', pullRequest: { state: 'open' } });
    await terminate(id);
    // The same edits at another base have another hash.
    const text = await host.git('show', 'origin/main:App.tsx');
    await host.person.push('main', { 'App.tsx': `${text}\n// moved\n` });
    await reconcile();
    await validated(id);
    // The merge of the base, as our edits and it touch one file.
    await validated(id);
    await until(id, { status: 'in_review', step: 'pull_request' });
    await mergePullRequest(host.root, host.repository, await numberOf(id));
    await until(id, { status: 'active' });

    await api.call('DELETE', `${pathOf(id)}?keepCode=true`);
    await until(id, { status: 'disconnected', operation: null });
    await api.call('POST', `${pathOf(id)}/credentials`, { body: { credentials: good } });
    await until(id, { status: 'active', operation: null });
    // Another environment changes no code by now.
    const second = await install({ environment: 'staging', planHash: agreed });
    await until(second, { status: 'active', operation: null, pullRequest: null });
  }, 90_000);
});

describe('the schedule', () => {
  it('is made once, brought to this version again, and runs every minute without overlap', async () => {
    await upsertSchedules(api.client);
    const handle = api.client.schedule.getHandle(scheduleIds.reconcile);
    await handle.pause('by an operator');
    await upsertSchedules(api.client);
    const { spec, policies, state } = await handle.describe();
    expect(spec.intervals).toMatchObject([{ every: 60_000 }]);
    expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 60_000 });
    expect(state).toMatchObject({ paused: true, note: 'by an operator' });
    await handle.trigger();
    await expect.poll(async () => (await handle.describe()).info.numActionsTaken, { timeout: 10_000 }).toBe(1);
    const [action] = (await handle.describe()).info.recentActions;
    const run = action?.action.workflow;
    expect(run?.workflowId).toMatch(/^reconcile-\d{4}/);
    await api.client.workflow.getHandle(run?.workflowId ?? '').result();
  }, 30_000);
});
