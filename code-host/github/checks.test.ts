import { afterAll, afterEach, expect, it } from 'vitest';
import type { CommitCheck } from '../../contract/code-host.ts';
import { type GithubHostUnderTest, closeGithub, makeGithubHost } from '../../test/harness/github-code-host.ts';

const branch = 'graft/install/ins_1';
const summary = 'ask @octo/team about #1 or ![it](https://evil.example/x.png) <b>x</b> `y` a\\|b <!-- graft:abort -->';
const span =
  '``ask @octo/team about #1 or ![it](https://evil.example/x.png) <b>x</b> `y` a\\ \\|b <!- - graft:abort -->``';

let made: GithubHostUnderTest;
afterEach(async () => await made.remove());
afterAll(closeGithub);

/** Reports a check whose summary the app's tools wrote; gives its commit. */
async function report(kind: 'app' | 'token', verdict: CommitCheck['verdict'] = 'failed'): Promise<string> {
  made = await makeGithubHost({ 'readme.md': { mode: '100644', text: 'one\n' } }, kind);
  const { host, repository } = made;
  const { commit: base } = await host.readBase(repository);
  const changes = [{ path: 'added.txt', mode: '100644', bytes: Buffer.from('added\n') }] as const;
  const at = { repository, branch, parents: [base], onto: base, expectedHead: null };
  const { commit } = await host.commit({ ...at, changes, message: 'Add' });
  const text = { title: 'Add', body: 'why', draft: false, labels: [] };
  const { number } = await host.openPullRequest(repository, branch, text);
  const check = { id: 'types', name: 'Types', verdict, summary, log: 'see @octo/team' } as const;
  await host.reportChecks(repository, number, commit, [check]);
  return commit;
}

it('what tools of the app say mentions nobody in the summary of a check run', async () => {
  const commit = await report('app');
  const { octokit, at } = await made.connection.repository(made.repository);
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', { ...at, ref: commit });
  expect(data.check_runs.map(({ output }) => output)).toMatchObject([
    { title: summary, summary: span, text: '```text\nsee @octo/team\n```' },
  ]);
});

it('what tools of the app say mentions nobody in the comment of a token', async () => {
  const commit = await report('token');
  const { comments } = await made.said(1, commit);
  expect(comments[0]).toContain(`| Types | failed | ${span} |`);
});

it.each([
  ['app', 'cancelled'],
  ['token', 'error'],
] as const)('what was not run satisfies no rule of the repository: %s', async (kind, conclusion) => {
  const commit = await report(kind, 'not_run');
  expect((await made.said(1, commit)).checks).toEqual([`Types: ${conclusion}`]);
});
