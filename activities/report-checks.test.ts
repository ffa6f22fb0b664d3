import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFolderStore } from '../artifacts/folder.ts';
import type { AuditEntry } from '../contract/audit.ts';
import type { CommitCheck } from '../contract/code-host.ts';
import { type ErrorCode, GraftError } from '../contract/errors.ts';
import { branchName } from '../contract/ids.ts';
import type { PipelineReport } from '../contract/pipeline.ts';
import { closeDatabase, connectDatabase } from '../db/connect.ts';
import { appendAudit } from '../db/queries/audit.ts';
import { getInstallationWithProject } from '../db/queries/installations.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';
import { fakeKey } from '../test/harness/api.ts';
import { type ControlledApi, passedReport, startControlledApi } from '../test/harness/control.ts';
import { type LocalHostUnderTest, makeLocalHost } from '../test/harness/local-code-host.ts';
import { smallApp } from '../test/harness/small-app.ts';
import { nextAuditHash } from '../vault/audit.ts';
import { readKeyRing } from '../vault/key-ring.ts';
import { readSealingKeys } from '../vault/open.ts';
import { createVault } from '../vault/vault.ts';
import type { ControlDependencies } from './dependencies.ts';
import { reportChecks } from './report-checks.ts';

const credentials = { publishableKey: fakeKey('pk', 'test'), secretKey: fakeKey('sk', 'test') };
const running = [
  'Dependency install',
  'Type check',
  'ESLint',
  'Build',
  'Package versions',
  'Server code against a simulated provider',
].map((name) => ({ name, verdict: 'running', summary: 'validating' }));

describe('checks of a pull request', () => {
  let host: LocalHostUnderTest;
  let api: ControlledApi;
  let project: string;
  let installation: string;
  let path: string;
  let branch: string;
  beforeAll(async () => {
    host = await makeLocalHost(smallApp);
    api = await startControlledApi(host.root);
    const { body } = await api.call('POST', '/projects', {
      body: { name: 'Shop', codeHost: 'local', repository: host.repository },
    });
    project = String(body['id']);
    await install();
  }, 120_000);
  afterAll(async () => {
    await api.stop();
    await host.remove();
  });

  async function install(): Promise<void> {
    const { body } = await api.call('POST', `/projects/${project}/connectors`, {
      body: { connector: 'stripe', environment: 'development', credentials },
    });
    installation = String(body['id']);
    path = `/projects/${project}/connectors/${installation}`;
    branch = branchName('install', installation);
  }

  const until = (wanted: Record<string, unknown>) =>
    expect
      .poll(async () => (await api.call('GET', path)).body, { timeout: 30_000, interval: 100 })
      .toMatchObject(wanted);

  async function checks(number = 1): Promise<{ commit: string; steps: unknown[] }> {
    await host.git('fetch', '--quiet', 'origin', `refs/graft/pull/${number}/meta`);
    const record = JSON.parse(await host.git('cat-file', 'blob', 'FETCH_HEAD')) as {
      checks: { commit: string; steps: unknown[] };
    };
    return record.checks;
  }

  async function withLog(report: PipelineReport, log: string): Promise<PipelineReport> {
    const kept = await createFolderStore(api.artifactsFolder).put(project, Buffer.from(log));
    return { ...report, steps: report.steps.map((step) => ({ ...step, log: kept })) };
  }

  it('are there when it opens, at the commit that was validated', async () => {
    const pipeline = await api.takePipeline();
    await pipeline.complete(passedReport);
    await until({ status: 'in_review' });
    const { head } = await host.host.readPullRequest(host.repository, 1);
    const steps = [{ name: 'Type check', verdict: 'passed', summary: 'tsc found nothing new' }];
    expect(await checks()).toEqual({ commit: head, steps });
  }, 60_000);

  it('carry logs in which no secret is left', async () => {
    const database = connectDatabase(api.urls.controlUrl, { connections: 1 });
    const audit = (entry: AuditEntry) => appendAudit(database, entry, nextAuditHash);
    const ring = await readKeyRing(api.keys.keyRing);
    const sealing = await readSealingKeys({
      publicKey: api.keys.sealingPublic,
      privateKey: api.keys.sealingPrivate,
    });
    const shown: CommitCheck[] = [];
    const reached = {
      database,
      artifacts: createFolderStore(api.artifactsFolder),
      vault: createVault({ sealing, ring, record: audit }),
      codeHosts: { local: { reportChecks: async (...[, , , given]) => void shown.push(...given) } },
    } as Partial<ControlDependencies> as ControlDependencies;
    const of = await getInstallationWithProject(database, installation);
    const report = await withLog(passedReport, `$ tsc\nkey=${credentials.secretKey}&x=1\n`);
    await reportChecks(reached, { ...of, number: 1, commit: 'c' }, report);
    await closeDatabase(database);
    expect(shown).toMatchObject([{ id: 'types', log: '$ tsc\nkey=[removed]&x=1\n' }]);
  });

  it('run for a head that people pushed, then say that it passed', async () => {
    const pushed = await host.person.push(branch, { 'notes.md': 'More.' });
    const pipeline = await api.takePipeline();
    expect(await checks()).toEqual({ commit: pushed, steps: running });
    await pipeline.complete(passedReport);
    await until({ status: 'in_review', step: 'pull_request', pullRequest: { draft: false } });
    expect(await checks()).toMatchObject({ commit: pushed, steps: [{ verdict: 'passed' }] });
  }, 60_000);

  it('say what failed before people are asked to mend it, without a secret', async () => {
    const pushed = await host.person.push(branch, { 'notes.md': 'Too much.' });
    const summary = `tsc: exit 2: ${credentials.secretKey.slice(0, 24)} is wrong`;
    const steps = passedReport.steps.map((step) => ({ ...step, verdict: 'failed' as const, summary }));
    await (await api.takePipeline()).complete({ ...passedReport, steps });
    await until({ status: 'in_review', needsAttention: { reason: 'validation_failed' } });
    expect(await checks()).toEqual({
      commit: pushed,
      steps: [{ name: 'Type check', verdict: 'failed', summary: 'tsc: exit 2: sk_test_[removed] is wrong' }],
    });
  }, 60_000);

  it('end without a verdict where the pipeline cannot run, and run again after that', async () => {
    await api.call('POST', `${path}/abort`);
    await until({ status: 'aborted', operation: null });
    // Another pull request: one that was read often is read once a minute only.
    await install();
    await (await api.takePipeline()).complete(passedReport);
    await until({ status: 'in_review' });
    const pushed = await host.person.push(branch, { 'notes.md': 'Validated later.' });
    await (await api.takePipeline()).refuse('sandbox_missing', 'This machine can start no sandbox.');
    await until({ status: 'in_review', needsAttention: { reason: 'sandbox_missing' } });
    const summary = 'not run: waits for people (sandbox_missing)';
    const steps = running.map(({ name }) => ({ name, verdict: 'not_run', summary }));
    expect(await checks(2)).toEqual({ commit: pushed, steps });
    await api.call('POST', `${path}/retry`);
    const again = await api.takePipeline();
    expect(await checks(2)).toEqual({ commit: pushed, steps: running });
    await again.complete(passedReport);
    await until({ status: 'in_review', needsAttention: null, step: 'pull_request' });
    expect(await checks(2)).toMatchObject({ commit: pushed, steps: [{ verdict: 'passed' }] });
  }, 60_000);

  it('are taken back with the pull request where they still ran', async () => {
    await api.call('POST', `${path}/abort`);
    await until({ status: 'aborted', operation: null });
    await install();
    await (await api.takePipeline()).complete(passedReport);
    await until({ status: 'in_review' });
    const pushed = await host.person.push(branch, { 'notes.md': 'Never validated.' });
    await expect.poll(() => checks(3), { timeout: 30_000, interval: 200 }).toEqual({ commit: pushed, steps: running });
    await api.call('POST', `${path}/abort`);
    await until({ status: 'aborted', operation: null });
    const steps = running.map(({ name }) => ({ name, verdict: 'not_run', summary: 'not run: taken back' }));
    expect(await checks(3)).toEqual({ commit: pushed, steps });
  }, 120_000);
});

describe('a host that shows no checks', () => {
  const of = { installation: {} as Installation, project: { codeHost: 'github' } as Project, number: 1, commit: 'c' };

  // Of all that an activity has, what says that a validation runs needs the code host only.
  function report(code: ErrorCode, attempt: number): Promise<unknown> {
    const refuse = async () => {
      throw new GraftError(code, 'Give the token the permission to write checks.');
    };
    const dependencies = { codeHosts: { github: { reportChecks: refuse } } } as unknown as ControlDependencies;
    return new MockActivityEnvironment({ attempt }).run(() => reportChecks(dependencies, of, 'running'));
  }

  it('is noted and stops nothing when it refuses them, or is away for long', async () => {
    const noted = { checks: 'not shown: Give the token the permission to write checks.' };
    expect(await report('code_host_refused', 1)).toEqual(noted);
    expect(await report('unavailable', 3)).toEqual(noted);
  });

  it('is tried again when it is away, and not hidden when something else is wrong', async () => {
    await expect(report('rate_limited', 1)).rejects.toMatchObject({ code: 'rate_limited' });
    await expect(report('not_found', 5)).rejects.toMatchObject({ code: 'not_found' });
  });
});
