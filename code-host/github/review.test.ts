import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GithubHostUnderTest, closeGithub, makeGithubHost } from '../../test/harness/github-code-host.ts';

const branch = 'graft/install/ins_1';
const box = (tick: string, command: string) => `- [${tick}] Do it <!-- graft:${command} -->`;
const text = { title: 'Add', body: `why\n\n${box(' ', 'retry')}\n${box(' ', 'abort')}\n`, draft: false, labels: [] };

let made: GithubHostUnderTest;
let number: number;
let head: string;
beforeEach(async () => {
  made = await makeGithubHost({ 'readme.md': { mode: '100644', text: 'one\n' } }, 'app');
  const { host, repository } = made;
  const { commit } = await host.readBase(repository);
  const changes = [{ path: 'added.txt', mode: '100644', bytes: Buffer.from('added\n') }] as const;
  const at = { repository, branch, parents: [commit], onto: commit, expectedHead: null };
  ({ commit: head } = await host.commit({ ...at, changes, message: 'Add' }));
  ({ number } = await host.openPullRequest(repository, branch, text));
});
afterEach(async () => await made.remove());

async function readBody(): Promise<string> {
  const { octokit, at } = await made.connection.repository(made.repository);
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
    ...at,
    pull_number: number,
  });
  return data.body ?? '';
}

afterAll(closeGithub);

describe('requests of people at GitHub', () => {
  it('are read from those who may not write too, and told apart', async () => {
    const { host, repository, github } = made;
    await github.act('reader').comment(repository, number, '/graft abort');
    expect(await host.readRequests(repository, number)).toMatchObject([
      { command: 'abort', by: 'reader', allowed: false },
    ]);
  });

  it('are not answered by who only copies our marker', async () => {
    const { host, repository, github } = made;
    await made.person.comment(number, '/graft retry');
    const [asked] = await host.readRequests(repository, number);
    await github.act('reader').comment(repository, number, `Done. <!-- graft:answer:${asked?.id} -->`);
    expect(await host.readRequests(repository, number)).toHaveLength(1);
  });

  it('are ticked boxes of the text, which the answer unticks and a new text keeps', async () => {
    const { host, repository, github } = made;
    const ticked = (await readBody()).replace(box(' ', 'abort'), box('x', 'abort')).replaceAll('\n', '\r\n');
    await github.act('maintainer').editBody(repository, number, ticked);
    const asked = await host.readRequests(repository, number);
    expect(asked).toMatchObject([{ command: 'abort', allowed: true }]);
    await host.updatePullRequest(repository, number, { ...text, body: `new\n\n${text.body}` });
    expect(await host.readRequests(repository, number)).toEqual(asked);
    await host.answerRequest(repository, number, asked[0]!.id, 'It is taken back.');
    expect(await host.readRequests(repository, number)).toEqual([]);
    expect((await host.readPullRequest(repository, number)).body).toBe(`new\n\n${text.body}`);
  });
});

describe('a pull request at GitHub', () => {
  it('is not written to when nothing is new', async () => {
    const { host, repository } = made;
    made.takeRequests();
    await host.updatePullRequest(repository, number, text);
    expect(made.takeRequests().filter(({ route }) => !route.startsWith('GET '))).toEqual([]);
  });

  it.each(['merge', 'squash', 'rebase', 'queue'] as const)('is known as merged: %s', async (how) => {
    const { host, repository, github } = made;
    await made.person.push('main', { 'other.txt': 'other\n' });
    if (how === 'queue') await github.mergeThroughQueue(repository, number);
    else await github.act('maintainer').merge(repository, number, how);
    expect(await host.readPullRequest(repository, number)).toMatchObject({ state: 'merged', head });
    await host.deleteBranch(repository, branch);
    expect(await host.listBranches(repository, 'graft')).toEqual([]);
  });

  it('keeps what people write around our part of the text, and instead of it', async () => {
    const { host, repository, github } = made;
    const maria = github.act('maintainer');
    await maria.editBody(repository, number, `Closes #7.\r\n\r\n${await readBody()}\r\n\r\nSeen on a device.`);
    await host.updatePullRequest(repository, number, { ...text, body: 'new' });
    expect(await readBody()).toMatch(/^Closes #7\.\n\n<!--[^]*-->\n\nSeen on a device\.$/);
    expect((await host.readPullRequest(repository, number)).body).toBe('new');
    await maria.editBody(repository, number, 'All mine.');
    expect((await host.readPullRequest(repository, number)).body).toBe('');
    await host.updatePullRequest(repository, number, text);
    expect(await readBody()).toMatch(/^All mine\.\n\n<!--[^]*-->$/);
    expect((await host.readPullRequest(repository, number)).body).toBe(text.body);
    await maria.editBody(repository, number, `${'long '.repeat(13_000)}${await readBody()}`);
    await host.updatePullRequest(repository, number, { ...text, body: 'x'.repeat(64_000) });
    expect((await host.readPullRequest(repository, number)).body).toHaveLength(64_000);
  });

  it('shows the end of a long log, and says that the beginning is missing', async () => {
    const { host, repository } = made;
    const log = `BEGIN\n${'line of a log ``` with ticks\n'.repeat(6000)}THE END\n`;
    const check = { id: 'build', name: 'Build', verdict: 'failed', summary: 'exit code 1', log } as const;
    await host.reportChecks(repository, number, head, [check]);
    const { octokit, at } = await made.connection.repository(repository);
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', { ...at, ref: head });
    const shown = data.check_runs[0]?.output.text ?? '';
    expect(shown.length).toBeLessThanOrEqual(65_535);
    expect(shown).toMatch(/cut off/);
    expect(shown).toMatch(/THE END\n````$/);
    expect(shown).not.toContain('BEGIN');
  });
});

describe('an issue at GitHub', () => {
  it('is one for a key: opened, rewritten, closed with a comment, and another after that', async () => {
    const { host, repository } = made;
    const one = await host.keepIssue(repository, 'drift:ins_1', { title: 'Drift', body: 'What is missing.' });
    expect(await host.keepIssue(repository, 'drift:ins_1', { title: 'Drift', body: 'More.' })).toEqual(one);
    expect(await host.keepIssue(repository, 'drift:ins_2', { title: 'Drift', body: 'Else.' })).not.toEqual(one);
    expect(await host.keepIssue(repository, 'drift:ins_1', null)).toBeUndefined();
    expect(await host.keepIssue(repository, 'drift:ins_1', null)).toBeUndefined();
    const again = await host.keepIssue(repository, 'drift:ins_1', { title: 'Drift', body: 'Again.' });
    expect(again).not.toEqual(one);
  });
});
