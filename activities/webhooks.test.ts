import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rewriteLocalPullRequest } from '../code-host/local/pull-request.ts';
import { readPull } from '../code-host/local/record.ts';
import { branchName } from '../contract/ids.ts';
import { taskQueues } from '../contract/workflows.ts';
import { drift } from '../db/schema/drift.ts';
import { projects } from '../db/schema/projects.ts';
import { fakeKey } from '../test/harness/api.ts';
import { type ControlledApi, passedReport, startControlledApi } from '../test/harness/control.ts';
import { type LocalHostUnderTest, makeLocalHost } from '../test/harness/local-code-host.ts';
import { smallApp } from '../test/harness/small-app.ts';
import { type GithubEvent, pullRequest, push, signedDelivery } from '../test/harness/webhooks.ts';

const credentials = { publishableKey: fakeKey('pk', 'test'), secretKey: fakeKey('sk', 'test') };
let host: LocalHostUnderTest;
let api: ControlledApi;
let project: string;
let id: string;

beforeAll(async () => {
  host = await makeLocalHost(smallApp);
  api = await startControlledApi(host.root);
  project = await api.newProject(host.repository);
}, 120_000);
afterAll(async () => {
  await api.stop();
  await host.remove();
});

const pathOf = (installation: string) => `/projects/${project}/connectors/${installation}`;
const read = async () => (await api.call('GET', pathOf(id))).body;
const until = (wanted: Record<string, unknown>) =>
  expect.poll(read, { timeout: 30_000, interval: 100 }).toMatchObject(wanted);
const install = (more: Record<string, unknown> = {}) =>
  api.call('POST', `/projects/${project}/connectors`, {
    body: { connector: 'stripe', environment: 'development', credentials, ...more },
  });
const deliver = (event: GithubEvent) => fetch(`${api.url}/api/v1/webhooks/github`, signedDelivery(event));

const openDeliveries = () => api.count('deliveries where handled_at is null');

async function readHistory(): Promise<{ signals: number; reads: number; pending: number }> {
  const handle = api.client.workflow.getHandle(id);
  const { events } = await handle.fetchHistory();
  const { raw } = await handle.describe();
  const names = (events ?? []).map((event) => event.activityTaskScheduledEventAttributes?.activityType?.name);
  return {
    signals: (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length,
    reads: names.filter((name) => name === 'readPullRequest').length,
    pending: raw.pendingActivities?.length ?? 0,
  };
}

describe('a workflow that waits for a merge', () => {
  it('is woken by a burst of deliveries, and reads once for it', async () => {
    id = String((await install()).body['id']);
    await until({ step: 'pipeline' });
    await (await api.takePipeline()).complete(passedReport);
    await until({ status: 'in_review', pullRequest: { number: 1, state: 'open' } });
    // The first read, and one for the first look of the watcher of local repositories.
    await expect.poll(readHistory, { timeout: 20_000 }).toMatchObject({ reads: 2, pending: 0 });
    // From here it is one at GitHub, where this worker is nobody: a workflow that wakes is refused there and says so.
    const repository = { codeHost: 'github', repository: 'Octo/App' } as const;
    await api.owner.update(projects).set(repository).where(eq(projects.id, project));
    await deliver(push('octo/another', 'main'));
    await expect.poll(openDeliveries).toBe(0);
    const before = await readHistory();
    expect(before.reads).toBe(2);

    const events = [
      pullRequest('octo/app', 1, 'synchronize'),
      push('octo/app', 'main'),
      pullRequest('octo/app', 1, 'edited'),
    ];
    const burst = Array.from({ length: 30 }, (_one, at) => events[at % 3] ?? push('octo/app', 'main'));
    for (const { status } of await Promise.all(burst.map(deliver))) expect(status).toBe(202);
    await until({ status: 'in_review', needsAttention: { reason: 'code_host_refused' } });
    await expect.poll(openDeliveries).toBe(0);
    const after = await readHistory();
    expect(after.reads).toBe(3);
    expect(after.signals - before.signals).toBeLessThan(10);

    await api.owner
      .update(projects)
      .set({ codeHost: 'local', repository: host.repository })
      .where(eq(projects.id, project));
    await api.call('POST', `${pathOf(id)}/retry`, { body: {} });
    await until({ status: 'in_review', needsAttention: null });
  }, 90_000);

  it('does without them: a change that nobody delivered is found', async () => {
    await host.person.deleteBranch(branchName('install', id));
    await until({ status: 'declined', operation: null, pullRequest: { number: 1, state: 'closed' } });
    expect(await openDeliveries()).toBe(0);
  }, 60_000);
});

describe('people who said no', () => {
  const answer = () =>
    api.client.workflow.execute('answerReopened', {
      workflowId: `answer-${performance.now()}`,
      taskQueue: taskQueues.control,
      args: [{ installation: id, operation: 'install', number: 1 }],
    });
  const comments = async () => {
    const { pull } = await readPull(host.bare, 1);
    return pull.record.comments.filter(({ key }) => key === 'reopened').map(({ text }) => text);
  };

  it('are asked again only by who knows it, and nothing is stored of who does not', async () => {
    const { status, body } = await install();
    expect([status, body]).toMatchObject([
      409,
      {
        code: 'declined_before',
        errors: [{ field: 'again', fix: 'Send again: true to ask once more.' }],
        details: { installation: id, pullRequest: { number: 1, url: expect.any(String) } },
      },
    ]);
    const { declinedAt } = body['details'] as { declinedAt: string };
    expect(Date.now() - Date.parse(declinedAt)).toBeLessThan(60_000);
    expect((await install({ again: 'yes' })).body['errors']).toMatchObject([{ field: 'again' }]);
    expect(await api.count(`installations where project = '${project}'`)).toBe(1);
    expect(await api.count('operations')).toBe(0);
    expect(await api.count('submissions')).toBe(0);
  });

  it('are told how to resume when they open the pull request again, once', async () => {
    await answer();
    expect(await comments()).toEqual([]);
    await host.person.push(branchName('install', id), { 'notes.md': 'Now we want it.' });
    await rewriteLocalPullRequest(host.bare, 1, () => ({ state: 'open' }));
    await answer();
    await answer();
    const [said, ...more] = await comments();
    expect(more).toEqual([]);
    expect(said).toContain('it is declined');
    expect(said).toContain(`POST /api/v1/projects/${project}/connectors`);
    expect(said).toContain('"again": true');
  });

  it('get another pull request for again: true, and a removal that they reopen is answered too', async () => {
    const first = id;
    const { status, body } = await install({ again: true });
    expect(status).toBe(202);
    id = String(body['id']);
    await until({ step: 'pipeline' });
    await api.call('POST', `${pathOf(id)}/abort`);
    await until({ status: 'aborted', operation: null });
    expect((await install()).body['details']).toMatchObject({ installation: first });

    id = first;
    await api.client.workflow.execute('answerReopened', {
      workflowId: `answer-${performance.now()}`,
      taskQueue: taskQueues.control,
      args: [{ installation: id, operation: 'remove', number: 1 }],
    });
    expect(await comments()).toEqual([expect.stringContaining(`DELETE /api/v1${pathOf(id)}`)]);
  }, 60_000);
});

describe('an installation', () => {
  it('shows what was found of drift, and null when nobody has looked', async () => {
    const active = await api.queue(await api.newProject('drifted'), 'active');
    const driftOf = async () =>
      (await api.call('GET', `/projects/${active.project}/connectors/${active.id}`)).body['drift'];
    expect(await driftOf()).toBeNull();
    const findings = [{ kind: 'missing', file: 'App.tsx', what: 'the wrap of the root' }] as const;
    const issueUrl = 'https://example.com/issues/1';
    await api.owner.insert(drift).values({ installation: active.id, baseCommit: 'abc', findings, issueUrl });
    expect(await driftOf()).toEqual({ baseCommit: 'abc', findings, issueUrl, checkedAt: expect.any(String) });
    await api.owner.execute(sql`delete from drift`);
  });
});

describe('a control worker that is nobody at GitHub', () => {
  it('says what to set, to who asks for the App and to who registers a project', async () => {
    const app = await api.call('GET', '/github/app');
    expect([app.status, app.body['code'], app.body['detail']]).toEqual([
      409,
      'code_host_refused',
      expect.stringContaining('GITHUB_TOKEN'),
    ]);
    const { status, body } = await api.call('POST', '/projects', {
      body: { name: 'Shop', codeHost: 'github', repository: 'octo/app' },
    });
    expect([status, body['errors']]).toEqual([
      422,
      [{ field: 'repository', fix: expect.stringContaining('GITHUB_TOKEN') }],
    ]);
  });
});
