import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DriftFound } from '../contract/activities.ts';
import type { Environment, Status } from '../contract/closed-sets.ts';
import type { CodeHost } from '../contract/code-host.ts';
import { GraftError } from '../contract/errors.ts';
import { newId } from '../contract/ids.ts';
import { findDrift, saveDrift } from '../db/queries/drift.ts';
import { insertQueued } from '../db/queries/installations.ts';
import { finishInstallation } from '../db/queries/progress.ts';
import { insertProject } from '../db/queries/projects.ts';
import { drift } from '../db/schema/drift.ts';
import { type TestApi, startTestApi } from '../test/harness/api.ts';
import { type LocalHostUnderTest, makeLocalHost } from '../test/harness/local-code-host.ts';
import { failureOf } from '../test/harness/rows.ts';
import { smallApp } from '../test/harness/small-app.ts';
import { createDetectDrift } from './detect-drift.ts';
import { makePlan } from './make-plan.ts';

type Issue = Parameters<CodeHost['keepIssue']>[2];

let api: TestApi;
let host: LocalHostUnderTest;
let folder: string;
/** What the host was asked, and the issues that it keeps: `local` has none, so they are kept here. */
let asked: string[];
let issues: Map<string, Issue>;
/** The error that the host answers with, by repository or issue key. */
let refused: Map<string, GraftError>;

beforeAll(async () => {
  // Nothing here asks Temporal.
  api = await startTestApi('127.0.0.1:1');
}, 60_000);
afterAll(() => api.stop());
beforeEach(async () => {
  host = await makeLocalHost(smallApp);
  folder = await host.git('rev-parse', '--show-toplevel');
  [asked, issues, refused] = [[], new Map(), new Map()];
  for (const table of ['drift', 'events', 'installations', 'projects'])
    await api.owner.execute(sql.raw(`delete from ${table}`));
});
afterEach(() => host.remove());

async function detect(): Promise<DriftFound> {
  const refuse = (of: string) => {
    const error = refused.get(of);
    if (error !== undefined) throw error;
  };
  const local: CodeHost = {
    ...host.host,
    async readBase(repository) {
      asked.push(`base of ${repository}`);
      refuse(repository);
      return host.host.readBase(repository);
    },
    async readSnapshot(repository, commit) {
      asked.push(`snapshot of ${repository}`);
      return host.host.readSnapshot(repository, commit);
    },
    async keepIssue(_repository, key, issue) {
      asked.push(`${issue === null ? 'close' : 'keep'} ${key}`);
      refuse(key);
      issues.set(key, issue);
      return issue === null ? undefined : { url: `https://code.example/${issues.size}` };
    },
  };
  const { detectDrift } = createDetectDrift({ database: api.control, codeHosts: { local, github: local } });
  asked = [];
  return new MockActivityEnvironment().run(detectDrift) as Promise<DriftFound>;
}

async function newProject(driftReport: 'none' | 'issue' = 'none', repository = host.repository): Promise<string> {
  const id = newId('project');
  const at = { codeHost: 'local', appDir: '', trusted: false, createdAt: new Date() } as const;
  await insertProject(api.owner, { id, name: 'Shop', repository, driftReport, ...at });
  return id;
}

async function activeIn(project: string, environment: Environment = 'development'): Promise<string> {
  const id = newId('installation');
  const at = { id, project, connector: 'stripe', environment, alias: '', options: {} } as const;
  await insertQueued(api.owner, { ...at, requestedPlanHash: null });
  await end(id, 'active');
  return id;
}

async function end(installation: string, status: Status): Promise<void> {
  const ended = { status, step: 'activate', event: 'done', data: {}, workflowId: installation } as const;
  await finishInstallation(api.control, { installation, ...ended });
}

/** A commit to the base branch; null deletes the file. */
async function commit(texts: Readonly<Record<string, string | null>>): Promise<string> {
  await host.person.push('main', {});
  for (const [file, text] of Object.entries(texts)) {
    if (text === null) await rm(join(folder, file));
    else await writeFile(join(folder, file), text);
  }
  return host.person.push('main', { 'moved.md': `${Math.random()}\n` });
}

/** Merges what the install of Stripe plans. */
async function mergeInstall(): Promise<void> {
  const base = await host.host.readBase(host.repository);
  const snapshot = await host.host.readSnapshot(host.repository, base.commit);
  const stripe = { appDir: '', connector: 'stripe', alias: '', options: {}, remove: false };
  const { diff } = makePlan(snapshot, base.commit, { ...stripe, bundled: new Map() });
  await writeFile(join(folder, '..', 'install.diff'), diff);
  await host.git('apply', '../install.diff');
  await host.git('add', '--all');
  await host.git('commit', '--quiet', '--message=install');
  await host.git('push', '--quiet', 'origin', 'main');
}

const textOf = (file: string) => host.git('show', `origin/main:${file}`).then((text) => `${text}\n`);
const kept = (id: string) => findDrift(api.control, id);
const unwrapped = async () => ({
  'App.tsx': (await textOf('App.tsx')).replaceAll(/<\/?ConnectorProviders>/g, ''),
});

describe('what is compared', () => {
  it('is nothing to tell when all is as it was merged, and is not read again at the same commit', async () => {
    await mergeInstall();
    const id = await activeIn(await newProject());
    expect(await detect()).toEqual({ compared: 1, drifted: [], left: 0 });
    const base = await host.git('rev-parse', 'origin/main');
    expect(await kept(id)).toMatchObject({ baseCommit: base, heldAt: base, findings: [], issueUrl: null });
    expect(asked).toEqual(['base of app', 'snapshot of app']);
    expect(await detect()).toEqual({ compared: 1, drifted: [], left: 0 });
    expect(asked).toEqual(['base of app']);
  });

  it.each([
    ['the wrapper in the root', unwrapped, 'App.tsx', '<ConnectorProviders> is not around the app'],
    [
      'the package',
      async () => ({ 'package.json': (await textOf('package.json')).replace(/^.*stripe-react-native.*\n/m, '') }),
      'package.json',
      '@stripe/stripe-react-native is not among the packages',
    ],
    [
      'the ownership record',
      async () => ({ '.graft/stripe.json': null }),
      '.graft/stripe.json',
      'the ownership record is not there',
    ],
    [
      'a file of ours',
      async () => ({ 'connectors/stripe/sdk.ts': null }),
      'connectors/stripe/sdk.ts',
      'the file is not there',
    ],
  ])('finds missing: %s, until it is mended', async (_what, broken, file, what) => {
    await mergeInstall();
    const id = await activeIn(await newProject());
    await detect();
    const heldAt = await host.git('rev-parse', 'origin/main');
    const before = await Promise.all(
      Object.keys(await broken()).map(async (each) => [each, await textOf(each)] as const),
    );
    const baseCommit = await commit(await broken());
    expect(await detect()).toEqual({ compared: 1, drifted: [id], left: 0 });
    expect(await kept(id)).toMatchObject({ baseCommit, heldAt, findings: [{ kind: 'missing', file, what }] });
    // It is still so when the repository has not moved.
    expect(await detect()).toMatchObject({ drifted: [id] });

    const mended = await commit(Object.fromEntries(before));
    expect(await detect()).toMatchObject({ drifted: [] });
    expect(await kept(id)).toMatchObject({ baseCommit: mended, heldAt: mended, findings: [] });
  });

  it('counts changes that people made to our texts as changed, not as drift', async () => {
    await mergeInstall();
    const id = await activeIn(await newProject('issue'));
    const file = 'connectors/stripe/sdk.ts';
    await commit({ [file]: `${await textOf(file)}// ours now\n` });
    expect(await detect()).toMatchObject({ drifted: [] });
    expect(await kept(id)).toMatchObject({ findings: [{ kind: 'changed', file }], issueUrl: null });
    expect(issues.size).toBe(0);
  });

  it('is not what people adopted at the merge, until it was there again once', async () => {
    await mergeInstall();
    const id = await activeIn(await newProject());
    const wrapped = await textOf('App.tsx');
    await commit(await unwrapped());
    await detect();
    const { installation: _, checkedAt: __, findings, ...rest } = (await kept(id))!;
    await saveDrift(api.control, [{ id }], { ...rest, baseCommit: 'merge', findings: [], adopted: findings });
    expect(await detect()).toMatchObject({ drifted: [] });
    expect(await kept(id)).toMatchObject({ findings: [], adopted: findings });
    await commit({ 'App.tsx': wrapped });
    await detect();
    await commit(await unwrapped());
    expect(await detect()).toMatchObject({ drifted: [id] });
  });
});

describe('the issue', () => {
  const key = 'drift:stripe';

  it('is one for all environments, rewritten only for other findings, and closed when nothing is missing', async () => {
    await mergeInstall();
    const project = await newProject('issue');
    const [development, staging] = [await activeIn(project), await activeIn(project, 'staging')];
    await detect();
    expect(issues.size).toBe(0);

    const wrapped = await textOf('App.tsx');
    await commit(await unwrapped());
    expect(await detect()).toEqual({ compared: 2, drifted: [development, staging], left: 0 });
    expect(asked).toEqual(['base of app', 'snapshot of app', `keep ${key}`]);
    for (const id of [development, staging])
      expect(await kept(id)).toMatchObject({ issueUrl: 'https://code.example/1', reported: true });

    // A person may close it: what was told is told once.
    await commit({ 'readme.md': 'moved\n' });
    await detect();
    expect(asked).toEqual(['base of app', 'snapshot of app']);

    await commit({ 'connectors/stripe/sdk.ts': null });
    await detect();
    expect(asked.at(-1)).toBe(`keep ${key}`);
    expect(issues.get(key)?.body).toContain('`connectors/stripe/sdk.ts`');

    await host.git('checkout', '--quiet', 'HEAD~1', '--', 'connectors/stripe/sdk.ts');
    await commit({ 'App.tsx': wrapped });
    await detect();
    expect(issues.get(key)).toBeNull();
    expect(await kept(staging)).toMatchObject({ findings: [], issueUrl: null });
    await detect();
    expect(asked).toEqual(['base of app']);
  });

  it('that the host refuses keeps nobody from reading the findings, and is tried again', async () => {
    await mergeInstall();
    const id = await activeIn(await newProject('issue'));
    await commit(await unwrapped());
    refused.set(key, new GraftError('code_host_refused', 'Issues are turned off: turn them on.'));
    const failure = await failureOf(detect());
    expect(failure).toMatchObject({ code: 'code_host_refused' });
    expect(failure.message).toMatch(/^Shop \(prj_\w+\): Issues are turned off/);
    expect(await kept(id)).toMatchObject({ findings: [{ file: 'App.tsx' }], issueUrl: null });

    refused.clear();
    expect(await detect()).toMatchObject({ drifted: [id] });
    expect(asked).toEqual(['base of app', `keep ${key}`]);
    expect(await kept(id)).toMatchObject({ issueUrl: 'https://code.example/1' });
  });

  it('is closed, and what was found forgotten, when the last installation that uses the code ends', async () => {
    await mergeInstall();
    const project = await newProject('issue');
    const [development, staging] = [await activeIn(project), await activeIn(project, 'staging')];
    await commit(await unwrapped());
    await detect();
    await end(development, 'removed');
    // The API says nothing of it from now on.
    expect(await kept(development)).toBeUndefined();
    await detect();
    expect(issues.get(key)).not.toBeNull();
    expect(await api.count('drift')).toBe(1);

    await end(staging, 'disconnected');
    expect(await detect()).toEqual({ compared: 0, drifted: [], left: 0 });
    expect(issues.get(key)).toBeNull();
    expect(await api.count('drift')).toBe(0);
  });
});

describe('a run', () => {
  it('is not stopped by a repository that cannot be read, and tells of it at its end', async () => {
    await mergeInstall();
    const gone = await newProject('none', 'gone');
    await activeIn(gone);
    const id = await activeIn(await newProject());
    await commit(await unwrapped());
    const failure = await failureOf(detect());
    expect(failure).toMatchObject({ code: 'not_found' });
    expect(failure.message).toContain(gone);
    expect(await kept(id)).toMatchObject({ findings: [{ file: 'App.tsx' }] });
  });

  it('leaves a host that lets us ask no more alone, and goes on there the next time', async () => {
    await mergeInstall();
    for (const repository of ['one', 'two', 'three']) {
      await host.git('clone', '--quiet', '--bare', host.bare, join(host.root, `${repository}.git`));
      const id = await activeIn(await newProject('none', repository));
      const at = { baseCommit: '', findings: [], heldAt: null, adopted: [], reported: true, issueUrl: null };
      await saveDrift(api.control, [{ id }], at);
      const hours = { one: 3, two: 2, three: 1 }[repository];
      await api.owner
        .update(drift)
        .set({ checkedAt: sql`now() - make_interval(hours => ${hours})` })
        .where(eq(drift.installation, id));
    }
    refused.set('two', new GraftError('rate_limited', 'Wait.', { retryAfterSeconds: 60 }));
    expect(await detect()).toEqual({ compared: 1, drifted: [], left: 2 });
    expect(asked).toEqual(['base of one', 'snapshot of one', 'base of two']);
    refused.clear();
    expect(await detect()).toEqual({ compared: 3, drifted: [], left: 0 });
    expect(asked.filter((each) => each.startsWith('base'))).toEqual(['base of two', 'base of three', 'base of one']);
  });

  it('is counted: installations with something missing', async () => {
    await mergeInstall();
    const project = await newProject();
    for (const environment of ['development', 'staging'] as const) await activeIn(project, environment);
    await commit(await unwrapped());
    await detect();
    const text = await (await fetch(`${api.url}/metrics`)).text();
    expect(text).toContain('graft_installations_drifted{environment="development"} 1');
    expect(text).toContain('graft_installations_drifted{environment="staging"} 1');
  });
});
