import type { Octokit } from 'octokit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { refusal, startGithubUnderTest, type GithubUnderTest } from '../../test/harness/simulated-github.ts';

const shop = { owner: 'acme', repo: 'shop' };
let under: GithubUnderTest;
let rest: Octokit['rest'];
let appId: number;
let sha: string;

beforeAll(async () => {
  under = await startGithubUnderTest();
  const { github } = under;
  await github.createRepository({ owner: 'acme', name: 'shop', private: true, files: { 'a.txt': 'a\n' } });
  const permissions = { contents: 'read', checks: 'write', statuses: 'write' } as const;
  const app = await github.createApp({ slug: 'graft', permissions });
  ({ appId } = app);
  const installation = await github.installApp(appId, 'acme');
  ({ rest } = await under.app(appId, app.privateKey).getInstallationOctokit(installation));
  sha = (await rest.git.getRef({ ...shop, ref: 'heads/main' })).data.object.sha;
});

afterEach(() => under.proxy.assertDescribed());
afterAll(() => under.close());

test('a check run goes from queued to completed', async () => {
  const { data: run } = await rest.checks.create({ ...shop, name: 'types', head_sha: sha, external_id: 'ins_1' });
  expect(run).toMatchObject({ status: 'queued', conclusion: null, app: { slug: 'graft' }, external_id: 'ins_1' });
  const check_run_id = run.id;
  await rest.checks.update({ ...shop, check_run_id, status: 'in_progress' });
  const output = { title: 'Passed', summary: 'All is well', text: 'Log' };
  const { data: done } = await rest.checks.update({ ...shop, check_run_id, conclusion: 'success', output });
  expect(done).toMatchObject({ status: 'completed', conclusion: 'success', output });
  const wrong = rest.checks.update({ ...shop, check_run_id: 1, status: 'queued' });
  expect(await refusal(wrong)).toMatchObject({ status: 404 });
});

test('of runs by one name the latest is listed, unless all are asked for', async () => {
  for (const conclusion of ['failure', 'success'] as const) {
    await rest.checks.create({ ...shop, name: 'build', head_sha: sha, conclusion, status: 'completed' });
  }
  const list = async (query: object) =>
    (await rest.checks.listForRef({ ...shop, ref: 'main', check_name: 'build', ...query })).data;
  expect(await list({})).toMatchObject({ total_count: 1, check_runs: [{ conclusion: 'success' }] });
  expect((await list({ filter: 'all', per_page: 1 })).total_count).toBe(2);
  expect((await list({ filter: 'all', per_page: 1 })).check_runs).toHaveLength(1);
  expect((await list({ app_id: appId })).total_count).toBe(1);
  expect((await list({ app_id: 1 })).total_count).toBe(0);
});

test('texts that are too long are refused, in characters and in bytes', async () => {
  const create = (output: object) =>
    refusal(rest.checks.create({ ...shop, name: 'x', head_sha: sha, output: { title: 'x', summary: 'x', ...output } }));
  expect(await create({ text: 'x'.repeat(65_536) })).toMatchObject({
    status: 422,
    data: { message: 'Invalid request.\n\nOnly 65535 characters are allowed; 65536 were supplied.' },
  });
  expect(await create({ summary: 'ü'.repeat(40_000) })).toMatchObject({
    status: 422,
    data: {
      errors: [{ resource: 'CheckRun', field: 'summary', message: 'summary exceeds a maximum bytesize of 65535' }],
    },
  });
  const nowhere = rest.checks.create({ ...shop, name: 'x', head_sha: 'e'.repeat(40) });
  expect(await refusal(nowhere)).toMatchObject({ status: 422 });
});

test('only apps make check runs, and each only changes its own', async () => {
  const { github } = under;
  const run = { ...shop, name: 'x', head_sha: sha };
  const classic = under.client(await github.personToken('acme')).rest;
  expect(await refusal(classic.checks.create(run))).toMatchObject({
    status: 403,
    data: { message: 'You must authenticate via a GitHub App.' },
  });
  const fine = under.client(await github.personToken('acme', { permissions: { checks: 'write' } })).rest;
  expect(await refusal(fine.checks.create(run))).toMatchObject({
    status: 403,
    data: { message: 'Resource not accessible by personal access token' },
  });
  const { data: made } = await rest.checks.create(run);
  const other = await github.createApp({ slug: 'other', permissions: { checks: 'write' } });
  const installation = await github.installApp(other.appId, 'acme');
  const theirs = await under.app(other.appId, other.privateKey).getInstallationOctokit(installation);
  const update = theirs.rest.checks.update({ ...shop, check_run_id: made.id, status: 'in_progress' });
  expect(await refusal(update)).toMatchObject({ status: 403 });
});

test('commit statuses are combined by their newest per context', async () => {
  const set = (state: 'pending' | 'success' | 'failure', context: string, description = '') =>
    rest.repos.createCommitStatus({ ...shop, sha, state, context, description });
  const combined = async () => (await rest.repos.getCombinedStatusForRef({ ...shop, ref: 'main' })).data;
  expect(await combined()).toMatchObject({ state: 'pending', total_count: 0 });
  await set('pending', 'graft/types');
  await set('success', 'graft/build');
  expect(await combined()).toMatchObject({ state: 'pending', total_count: 2 });
  await set('success', 'graft/types');
  expect(await combined()).toMatchObject({ state: 'success', total_count: 2, sha });
  await set('failure', 'graft/build');
  expect((await combined()).state).toBe('failure');
  const { data: all } = await rest.repos.listCommitStatusesForRef({ ...shop, ref: 'main', per_page: 3 });
  expect(all.map(({ state }) => state)).toEqual(['failure', 'success', 'success']);
  expect(await refusal(set('success', 'x', 'x'.repeat(141)))).toMatchObject({
    status: 422,
    data: {
      errors: [
        { resource: 'Status', field: 'description', message: 'description is too long (maximum is 140 characters)' },
      ],
    },
  });
  const nowhere = rest.repos.createCommitStatus({ ...shop, sha: 'e'.repeat(40), state: 'success' });
  expect(await refusal(nowhere)).toMatchObject({ status: 422 });
});
