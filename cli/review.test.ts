import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { branchName, newId } from '../contract/ids.ts';
import { type LocalHostUnderTest, makeLocalHost, repository } from '../test/harness/local-code-host.ts';

const command = fileURLToPath(new URL('review.ts', import.meta.url));

describe('npm run review', () => {
  let made: LocalHostUnderTest;
  const installation = newId('installation');
  beforeEach(async () => {
    made = await makeLocalHost({ 'App.tsx': { mode: '100644', text: 'export default 1;\n' } });
    await mkdir(path.join(made.root, 'no-repository'));
    await writeFile(path.join(made.root, '.DS_Store'), '');
  });
  afterEach(async () => await made.remove());

  async function open(draft = false, lines = 1) {
    const { host } = made;
    const branch = branchName('install', installation);
    const { commit } = await host.readBase(repository);
    const text = Array.from({ length: lines }, (_, at) => `const line${at} = '\u001b[2J';\n`).join('');
    const changes = [{ path: 'App.tsx', mode: '100644', bytes: Buffer.from(text) }] as const;
    await host.commit({
      repository,
      branch,
      parents: [commit],
      onto: commit,
      expectedHead: null,
      changes,
      message: 'Add',
    });
    return await host.openPullRequest(repository, branch, {
      title: 'Add Acme',
      body: 'What and why\n',
      draft,
      labels: ['graft'],
    });
  }

  async function review(...args: string[]): Promise<{ code: number; out: string; error: string }> {
    const env = { PATH: process.env.PATH, GRAFT_REPOSITORIES: made.root };
    return await new Promise((resolve) => {
      execFile(process.execPath, [command, ...args], { env }, (error, out, words) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, error: words });
      });
    });
  }

  it('shows title, text, files and diff, and lets the text of a repository do nothing to the terminal', async () => {
    const { number } = await open();
    const { code, out } = await review(installation);
    expect(code).toBe(0);
    expect(out).toContain(`#${number} Add Acme\nopen, merges cleanly into main`);
    expect(out).toContain('What and why');
    expect(out).toContain('  ~ App.tsx');
    expect(out).toContain("-export default 1;\n+const line0 = '\\u001b[2J';");
    expect(out).not.toContain('\u001b');
  });

  it('shows the checks of the newest validated commit, and that it is an older one', async () => {
    const { number, head } = await open();
    expect((await review(installation)).out).not.toContain('Checks of');
    const check = {
      id: 'types',
      name: 'Type check',
      verdict: 'passed',
      summary: '0 errors\u001b[2J',
      log: '',
    } as const;
    await made.host.reportChecks(repository, number, head, [check]);
    const { out } = await review(installation);
    expect(out).toContain(`Checks of ${head.slice(0, 10)}\n  passed       Type check: 0 errors\\u001b[2J\n`);
    await made.person.push(branchName('install', installation), { 'notes.md': 'More.' });
    expect((await review(installation)).out).toContain(`Checks of ${head.slice(0, 10)}, not of the newest commit`);
  });

  it('cuts the diff of a long file unless all is asked for', async () => {
    await open(false, 500);
    const short = await review(installation);
    expect(short.out).toContain('more lines; --full shows them');
    expect(short.out).not.toContain('line499');
    expect((await review(installation, '--full')).out).toContain('line499');
  });

  it('merges what is ready, and says why a draft is not', async () => {
    const { number } = await open(true);
    const refused = await review(installation, '--merge');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.error).toMatch(/draft/);
    expect(refused.error).not.toMatch(/\n\s+at /);
    expect((await review(installation, '--ready', '--merge')).out).toContain(`Merged pull request ${number} into main`);
    expect((await made.host.readPullRequest(repository, number)).state).toBe('merged');
    expect((await review(installation, '--merge')).out).toContain('was merged before');
    expect((await review(installation, '--close')).code).toBe(1);
    expect((await review(installation)).out).toContain('merged');
  });

  it('declines with a reason', async () => {
    const { number } = await open();
    expect((await review(installation, '--close', 'not', 'now')).code).toBe(0);
    expect((await made.host.readPullRequest(repository, number)).state).toBe('closed');
    expect(await made.git('ls-remote', 'origin', `refs/graft/pull/${number}/meta`)).not.toBe('');
    await made.git('fetch', '--quiet', 'origin', `refs/graft/pull/${number}/meta`);
    expect(await made.git('cat-file', 'blob', 'FETCH_HEAD')).toContain('"text": "not now"');
  });

  it('answers a wrong call with what to do, and no stack', async () => {
    for (const args of [['nonsense'], [installation], [installation, '--nope'], [installation, 'word'], []]) {
      const { code, out, error } = await review(...args);
      expect(code, args.join(' ')).toBe(1);
      expect(out + error).toMatch(/npm run review|no pull request/);
      expect(error).not.toMatch(/\n\s+at /);
    }
  });
});
