import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { Octokit } from 'octokit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGithubValues } from '../code-host/github/values.ts';
import { createGithubCodeHost } from '../code-host/github/index.ts';
import type { ControlActivities, GeneratedPlan } from '../contract/activities.ts';
import type { AuditEntry } from '../contract/audit.ts';
import { branchName, newId } from '../contract/ids.ts';
import { type Database, closeDatabase, connectDatabase } from '../db/connect.ts';
import { appendAudit } from '../db/queries/audit.ts';
import { getInstallation, insertQueued } from '../db/queries/installations.ts';
import { claimOperation } from '../db/queries/operations.ts';
import { finishInstallation } from '../db/queries/progress.ts';
import { insertProject } from '../db/queries/projects.ts';
import { type TestApi, startTestApi } from '../test/harness/api.ts';
import { passedReport } from '../test/harness/control.ts';
import { type GithubHostUnderTest, closeGithub, makeGithubHost } from '../test/harness/github-code-host.ts';
import { smallApp } from '../test/harness/small-app.ts';
import { nextAuditHash } from '../vault/audit.ts';
import { readKeyRing } from '../vault/key-ring.ts';
import { readSealingKeys } from '../vault/open.ts';
import { createVault } from '../vault/vault.ts';
import { createControlActivities } from './create-control-activities.ts';
import type { ControlDependencies } from './dependencies.ts';

type Input<Name extends keyof ControlActivities> = Parameters<ControlActivities[Name]>[0];
type Result<Name extends keyof ControlActivities> = Awaited<ReturnType<ControlActivities[Name]>>;

// Nobody sees these before a branch names them, so that each try may make them anew.
const unseen = /\/(git\/(trees|commits|blobs)|access_tokens)$/;
const mostWrites = 60;
const report = passedReport;
// That the dead fail is expected.
const quiet = new DefaultLogger('ERROR');
let api: TestApi;

beforeAll(async () => {
  // Nothing here asks Temporal.
  api = await startTestApi('127.0.0.1:1');
}, 120_000);
afterAll(async () => {
  await api.stop();
  await closeGithub();
});

describe.each(['app', 'token'] as const)('a control worker that dies after each write at GitHub, as %s', (kind) => {
  let made: GithubHostUnderTest;
  let rest: Octokit;
  let at: { owner: string; repo: string };
  let of: { installation: string; operation: 'install' };
  let branch: string;
  let head: string;
  /** The writes after which a worker died, of the activity that ran last. */
  let deaths: string[];

  beforeAll(async () => {
    made = await makeGithubHost(smallApp, kind);
    const identity = { kind: 'token', token: await made.github.personToken('maintainer') } as const;
    ({ octokit: rest, at } = await made.another({ identity }).repository(made.repository));
    const project = newId('project');
    const place = { codeHost: 'github', repository: made.repository, appDir: '' } as const;
    const more = { trusted: false, driftReport: 'issue', createdAt: new Date() } as const;
    await insertProject(api.owner, { id: project, name: 'Shop', ...place, ...more });
    const installation = { id: newId('installation'), project, connector: 'stripe', alias: '' } as const;
    await insertQueued(api.owner, {
      ...installation,
      environment: 'development',
      options: {},
      requestedPlanHash: null,
    });
    await claimOperation(api.owner, installation, 'install');
    of = { installation: installation.id, operation: 'install' };
    branch = branchName('install', installation.id);
  }, 120_000);
  afterAll(() => made.remove());

  /** As a worker has them that has just started, over a connection of its own. */
  async function newActivities(database: Database): Promise<ControlActivities> {
    const client = made.another();
    const host = createGithubCodeHost(client);
    const values = createGithubValues(client);
    const audit = (entry: AuditEntry) => appendAudit(database, entry, nextAuditHash);
    const { keys } = api;
    const ring = await readKeyRing(keys.keyRing);
    const sealing = await readSealingKeys({ publicKey: keys.sealingPublic, privateKey: keys.sealingPrivate });
    const dependencies: Partial<ControlDependencies> = {
      ...{ database, artifacts: api.artifacts, audit, ring, registryHosts: [], simulators: new Map() },
      vault: createVault({ sealing, ring, record: audit }),
      codeHosts: { local: host, github: host },
      values: { local: values, github: values },
    };
    return createControlActivities(dependencies as ControlDependencies);
  }

  async function run<Name extends keyof ControlActivities>(
    name: Name,
    input: Input<Name>,
    { attempt = 1, database = api.control } = {},
  ): Promise<Result<Name>> {
    const activity = (await newActivities(database))[name] as (given: Input<Name>) => Promise<Result<Name>>;
    return new MockActivityEnvironment({ attempt }, { logger: quiet }).run(activity, input) as Promise<Result<Name>>;
  }

  /**
   * Runs an activity whose worker hears nothing any more from its first write on, and does nothing; another worker then
   * tries again, until one has nothing left to write.
   */
  async function die<Name extends keyof ControlActivities>(name: Name, input: Input<Name>): Promise<Result<Name>> {
    deaths = [];
    while (deaths.length < mostWrites) {
      const death = Promise.withResolvers<'died'>();
      made.proxy.afterWrite(async ({ method, url }) => {
        const write = `${method} ${url}`;
        if (unseen.test(url) && (deaths.includes(write) || url.endsWith('/access_tokens'))) return;
        deaths.push(write);
        death.resolve('died');
        await new Promise(() => undefined);
      });
      const database = connectDatabase(api.urls.controlUrl, { connections: 2 });
      const running = run(name, input, { attempt: deaths.length + 1, database });
      // Without its database it can do nothing after its death, when it no longer waits for the answer.
      running.catch(() => undefined);
      const end = await Promise.race([running.then((result) => ({ result })), death.promise]);
      await closeDatabase(database);
      made.proxy.afterWrite(undefined);
      await expectNoDoubles();
      if (end !== 'died') return end.result;
    }
    throw new Error(`${name} never has nothing left to write: ${deaths.slice(-5).join(', ')}`);
  }

  const pulls = async () => (await rest.request('GET /repos/{owner}/{repo}/pulls', { ...at, state: 'all' })).data;
  const issues = async () => {
    const { data } = await rest.request('GET /repos/{owner}/{repo}/issues', { ...at, state: 'all' });
    return data.filter((each) => each.pull_request === undefined);
  };
  const ownBranches = async () => {
    const ref = 'heads/graft/';
    const { data } = await rest.request('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', { ...at, ref });
    return data.map((each) => each.ref.replace('refs/heads/', ''));
  };
  const commentsAt = async (issue_number: number) => {
    const where = { ...at, issue_number };
    const { data } = await rest.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', where);
    return data.map(({ body }) => body ?? '');
  };
  const commitsOf = async (pull_number: number) => {
    const { data } = await rest.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/commits', {
      ...at,
      pull_number,
    });
    return data.map(({ sha }) => sha);
  };
  /** Everything that was ever shown at a commit: check runs, and statuses, of which a later one counts. */
  const checksAt = async (ref: string) => {
    const all = { ...at, ref, per_page: 100 };
    const runs = await rest.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', { ...all, filter: 'all' });
    const statuses = await rest.request('GET /repos/{owner}/{repo}/commits/{ref}/statuses', all);
    return [
      ...runs.data.check_runs.map(({ name, conclusion }) => ({ name, end: conclusion })),
      ...statuses.data.map(({ context, state }) => ({ name: `${context} ${state}`, end: state })),
    ];
  };

  async function expectNoDoubles(): Promise<void> {
    const all = await pulls();
    const open = all.filter(({ state }) => state === 'open');
    expect(open.length).toBeLessThanOrEqual(1);
    expect((await ownBranches()).length).toBeLessThanOrEqual(1);
    expect((await issues()).length).toBeLessThanOrEqual(1);
    for (const { number } of [...all, ...(await issues())]) {
      const markers = (await commentsAt(number)).flatMap((text) => /<!-- graft:\S+ -->$/.exec(text) ?? []);
      expect(markers).toEqual([...new Set(markers)]);
    }
    for (const { head: newest } of open) {
      const names = (await checksAt(newest.sha)).map(({ name }) => name);
      expect(names).toEqual([...new Set(names)]);
    }
  }

  async function plan(): Promise<GeneratedPlan> {
    const planned = await run('generate', of);
    await run('recordPipeline', { ...of, subject: planned.planHash, report });
    return planned;
  }

  it('opens one pull request of one commit', async () => {
    const planned = await plan();
    const opened = await die('openPullRequest', { ...of, plan: planned, report });
    expect(deaths).toContain(`POST /repos/${made.repository}/pulls`);
    expect(deaths.length).toBeGreaterThanOrEqual(5);
    head = opened.head;
    expect(await ownBranches()).toEqual([branch]);
    expect(await commitsOf(1)).toEqual([head]);
    expect(await checksAt(head)).toMatchObject([{ end: 'success' }]);
    expect((await pulls()).map(({ number, draft }) => [number, draft])).toEqual([[1, false]]);
  }, 120_000);

  it('says what becomes of a head that people pushed', async () => {
    const ours = head;
    head = await made.person.push(branch, { 'notes.md': 'More.\n' });
    await die('checkHead', { ...of, head });
    // The text, the draft, and a check for each step.
    expect(deaths.length).toBeGreaterThanOrEqual(6);
    expect((await pulls()).map(({ draft, body }) => [draft, body?.split('\n')[1]?.split(':')[0]])).toEqual([
      [true, '> **Not validated yet'],
    ]);
    await die('recordPipeline', { ...of, subject: head, report });
    await die('updatePullRequest', { ...of, head, report });
    expect(deaths.length).toBeGreaterThanOrEqual(2);
    expect((await pulls()).map(({ draft, body }) => [draft, body?.split('\n')[1]])).toEqual([
      [false, '## What and why'],
    ]);
    expect(await commitsOf(1)).toEqual([ours, head]);
    expect((await checksAt(head)).filter(({ end }) => end === 'success')).toHaveLength(1);
  }, 120_000);

  it('answers each command once', async () => {
    await made.person.comment(1, '/graft retry');
    const [{ body } = { body: '' }] = await pulls();
    const ticked = (body ?? '').replace(/\[ \](?= .*graft:regenerate)/, '[x]');
    await made.github.act('maintainer').editBody(made.repository, 1, ticked);
    const { requests } = await run('readPullRequest', of);
    expect(requests.map(({ command }) => command)).toEqual(['retry', 'regenerate']);
    for (const { id } of requests) {
      await die('answerRequest', { ...of, request: id, text: 'On it.' });
      expect(deaths.length).toBeGreaterThanOrEqual(1);
    }
    expect((await run('readPullRequest', of)).requests).toEqual([]);
    expect((await commentsAt(1)).filter((text) => text.startsWith('On it.'))).toHaveLength(2);
  }, 120_000);

  it('merges a base that moved by one commit', async () => {
    const theirs = head;
    const manifest = JSON.parse(smallApp['package.json']?.text ?? '') as { dependencies: Record<string, string> };
    manifest.dependencies['a-base-package'] = '1.0.0';
    const base = await made.person.push('main', { 'package.json': `${JSON.stringify(manifest, null, 2)}\n` });
    expect(await run('readPullRequest', of)).toMatchObject({ head: theirs, base, behind: true });
    const planned = await run('generateMerge', { ...of, head: theirs });
    await run('recordPipeline', { ...of, subject: planned?.planHash ?? '', report });
    const merged = await die('synchronizeBranch', { ...of, head: theirs, plan: planned!, report });
    expect(deaths.length).toBeGreaterThanOrEqual(5);
    head = merged.head;
    const { data } = await rest.request('GET /repos/{owner}/{repo}/commits/{ref}', { ...at, ref: head });
    expect(data.parents.map(({ sha }) => sha)).toEqual([theirs, base]);
    expect(await commitsOf(1)).toHaveLength(3);
    expect(await run('readPullRequest', of)).toMatchObject({ head, base, behind: false });
    expect(await checksAt(head)).toMatchObject([{ end: 'success' }]);
  }, 120_000);

  it('keeps one issue for what goes missing, and closes it when it is back', async () => {
    await made.person.pressMerge(1, 'squash');
    const ended = { status: 'active', step: 'activate', event: 'done', data: {} } as const;
    await finishInstallation(api.control, { ...ended, installation: of.installation, workflowId: of.installation });
    await run('detectDrift', undefined as never);
    expect(await issues()).toEqual([]);
    await made.git('fetch', '--quiet', 'origin');
    const root = `${await made.git('show', 'origin/main:App.tsx')}\n`;
    await made.person.push('main', { 'App.tsx': root.replaceAll(/<\/?ConnectorProviders>/g, '') });
    await die('detectDrift', undefined as never);
    expect(deaths.length).toBeGreaterThanOrEqual(1);
    expect((await issues()).map(({ state }) => state)).toEqual(['open']);
    await made.person.push('main', { 'App.tsx': root });
    await die('detectDrift', undefined as never);
    const [issue] = await issues();
    expect([issue?.state, await commentsAt(issue?.number ?? 0)]).toEqual(['closed', [expect.any(String)]]);
  }, 120_000);

  it('takes a removal back, and nothing of it is left but its pull request', async () => {
    const { installation } = of;
    await claimOperation(api.owner, await getInstallation(api.owner, installation), 'remove');
    const removing = { installation, operation: 'remove' } as const;
    const planned = await run('generate', removing);
    await run('recordPipeline', { ...removing, subject: planned.planHash, report });
    await die('openPullRequest', { ...removing, plan: planned, report });
    expect(await ownBranches()).toEqual([branchName('remove', installation)]);
    expect(await die('closePullRequest', { ...removing, why: 'It stays.' })).toEqual({ merged: false });
    expect(deaths.length).toBeGreaterThanOrEqual(3);
    expect(await ownBranches()).toEqual([]);
    const [removal] = await pulls();
    expect([removal?.state, await commentsAt(removal?.number ?? 0)]).toMatchObject([
      'closed',
      expect.arrayContaining([expect.stringMatching(/^It stays\./)]),
    ]);
    expect(await pulls()).toHaveLength(2);
  }, 120_000);
});
