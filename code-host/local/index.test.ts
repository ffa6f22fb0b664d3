import { execFileSync } from 'node:child_process';
import { access, mkdir, readFile, readdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testCodeHost } from '../../test/conformance/code-host.ts';
import { makeLocalHost, repository } from '../../test/harness/local-code-host.ts';
import { createLocalCodeHost } from './index.ts';
import { readRefs } from './refs.ts';
import { closeByReviewer, markReady, mergePullRequest, readChanges } from './review.ts';

testCodeHost('local', makeLocalHost);

describe('the local code host', () => {
  let made: Awaited<ReturnType<typeof makeLocalHost>>;
  beforeEach(async () => {
    made = await makeLocalHost({
      'App.tsx': { mode: '100644', text: 'export default 1;\n' },
      'readme.md': { mode: '100644', text: 'one\ntwo\nthree\n' },
    });
  });
  afterEach(async () => await made.remove());

  const branch = 'graft/install/ins_1';
  const openPull = async (text: string, draft = false) => {
    const { host } = made;
    const { commit } = await host.readBase(repository);
    const changes = [{ path: 'readme.md', mode: '100644', bytes: Buffer.from(text) }] as const;
    await host.commit({
      repository,
      branch,
      parents: [commit],
      onto: commit,
      expectedHead: null,
      changes,
      message: 'Change',
    });
    return await host.openPullRequest(repository, branch, { title: 'Change', body: 'why', draft, labels: ['graft'] });
  };

  it('takes a name with or without .git, and nothing that is a path or leads out of the root', async () => {
    const { host, root } = made;
    expect(await host.readBase('app.git')).toEqual(await host.readBase('app'));
    const outside = path.join(path.dirname(root), 'outside.git');
    await rename(made.bare, outside);
    await symlink(outside, made.bare);
    for (const name of ['app', '../outside', '../outside.git', outside, 'a/b', '..', '.', '', '-x', 'a\0b', '.git']) {
      await expect(host.readBase(name), name).rejects.toMatchObject({
        code: 'invalid_request',
        fields: [{ field: 'repository' }],
      });
    }
    await mkdir(path.join(root, 'plain'));
    await expect(host.readBase('plain')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('goes on where a git that was killed left its locks, and waits for one that is held', async () => {
    const locks = [`refs/heads/${branch}.lock`, 'refs/heads/main.lock', `refs/graft/commits/${branch}.lock`];
    for (const lock of locks) {
      await mkdir(path.join(made.bare, path.dirname(lock)), { recursive: true });
      await writeFile(path.join(made.bare, lock), '');
      await utimes(path.join(made.bare, lock), new Date(0), new Date(0));
    }
    const pull = await openPull('changed\n');
    for (const lock of locks)
      await expect(access(path.join(made.bare, lock))).rejects.toMatchObject({ code: 'ENOENT' });

    const held = path.join(made.bare, 'refs/graft/pull', String(pull.number), 'meta.lock');
    await writeFile(held, '');
    const closing = made.host.closePullRequest(repository, pull.number, 'Taken back.');
    expect(await Promise.race([closing, pause(3000, 'still waiting')])).toBe('still waiting');
    await rm(held);
    expect((await closing).state).toBe('closed');
  });

  it('says what to do with a repository that nothing was pushed to', async () => {
    await made.git('init', '--quiet', '--bare', '--initial-branch=main', path.join(made.root, 'empty.git'));
    await expect(made.host.readBase('empty')).rejects.toMatchObject({
      code: 'unsupported_app',
      message: expect.stringContaining('main'),
    });
  });

  it('refuses a submodule by its path', async () => {
    const { commit } = await made.host.readBase(repository);
    await made.git('update-index', '--add', '--cacheinfo', `160000,${commit},vendor/library`);
    await made.git('commit', '--quiet', '--message=submodule');
    await made.git('push', '--quiet', 'origin', 'HEAD:main');
    const base = await made.host.readBase(repository);
    await expect(made.host.readSnapshot(repository, base.commit)).rejects.toMatchObject({
      code: 'code_host_refused',
      message: expect.stringContaining('vendor/library'),
    });
  });

  it('refuses paths in a tree that git itself would not check out', async () => {
    const evil = gitObject(['hash-object', '-w', '--stdin'], 'evil');
    for (const name of ['..', '.git', '.GIT']) {
      const inner = gitObject(['mktree'], `100644 blob ${evil}\tconfig\n`);
      const tree = gitObject(['mktree'], `040000 tree ${inner}\t${name}\n`);
      const commit = gitObject(['commit-tree', tree, '-m', 'evil'], '');
      await expect(made.host.readSnapshot(repository, commit), name).rejects.toMatchObject({
        code: 'code_host_refused',
        details: { path: `${name}/config` },
      });
    }
  });

  it('runs nothing that the repository names: hooks, filters, fsmonitor, diff drivers', async () => {
    const { bare, host, root } = made;
    const witness = path.join(root, 'witness');
    const program = path.join(root, 'program');
    await writeFile(program, `#!/bin/sh\necho "$0 $*" >> ${witness}\ncat\n`, { mode: 0o755 });
    await mkdir(path.join(bare, 'hooks'), { recursive: true });
    for (const hook of ['reference-transaction', 'update', 'post-update', 'pre-receive', 'post-index-change']) {
      await writeFile(path.join(bare, 'hooks', hook), `#!/bin/sh\necho ${hook} >> ${witness}\n`, { mode: 0o755 });
    }
    const keys = ['core.fsmonitor', 'filter.evil.clean', 'filter.evil.smudge', 'diff.external'];
    for (const key of [...keys, 'diff.evil.command', 'diff.evil.textconv']) {
      await made.git('--git-dir', bare, 'config', key, program);
    }
    await writeFile(path.join(bare, 'info', 'attributes'), '* filter=evil diff=evil\n');
    const { number, head, base } = await openPull('one\n2\nthree\n');
    const changes = await readChanges(root, repository, { head, base: base.commit });
    expect(changes.files).toEqual([{ path: 'readme.md', change: 'edit' }]);
    expect(changes.diff).toContain('-two\n+2\n');
    await mergePullRequest(root, repository, number);
    await expect(readFile(witness)).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await host.readSnapshot(repository, head)).get('readme.md')?.bytes).toEqual(
      new TextEncoder().encode('one\n2\nthree\n'),
    );
  });

  it('leaves no temporary file, whether the commit is made or refused', async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('graft-commit-'));
    await openPull('one\n');
    await expect(openPull('two\n')).rejects.toMatchObject({ code: 'code_host_refused' });
    const after = (await readdir(tmpdir())).filter((name) => name.startsWith('graft-commit-'));
    expect(after).toEqual(before);
  });

  it('merges as a reviewer: two parents, the branch gone, once and again', async () => {
    const { number, head, base } = await openPull('one\n2\nthree\n');
    const { commit } = await mergePullRequest(made.root, repository, number);
    expect(await mergePullRequest(made.root, repository, number)).toEqual({ commit });
    await made.git('fetch', '--quiet', '--prune', 'origin');
    expect(await made.git('log', '-1', '--format=%P|%an|%s', commit)).toBe(
      `${base.commit} ${head}|Reviewer|Merge pull request #${number}: Change`,
    );
    expect(await made.git('ls-remote', 'origin', 'refs/heads/*')).toBe(`${commit}\trefs/heads/main`);
  });

  it('merges by squash with one parent, and text of both sides', async () => {
    const { number, base } = await openPull('1\ntwo\nthree\n');
    await made.person.push('main', { 'readme.md': 'one\ntwo\n3\n' });
    const { commit } = await mergePullRequest(made.root, repository, number, { strategy: 'squash' });
    const read = await made.host.readSnapshot(repository, commit);
    expect(Buffer.from(read.get('readme.md')!.bytes).toString()).toBe('1\ntwo\n3\n');
    await made.git('fetch', '--quiet', 'origin');
    expect((await made.git('rev-list', '--parents', '-1', commit)).split(' ')).toHaveLength(2);
    expect((await made.host.readBase(repository)).commit).not.toBe(base.commit);
  });

  it('does not merge a draft, a closed one or a conflict, and says what to do', async () => {
    const { number } = await openPull('one\n2\nthree\n', true);
    const merge = async () => await mergePullRequest(made.root, repository, number);
    await expect(merge()).rejects.toMatchObject({ code: 'code_host_refused', message: /draft/ });
    await markReady(made.root, repository, number);
    const { commit } = await made.host.readBase(repository);
    await made.person.push('main', { 'readme.md': 'one\nzwei\nthree\n' });
    await expect(merge()).rejects.toMatchObject({ code: 'branch_conflict', message: /by hand/ });
    expect((await made.host.readBase(repository)).commit).not.toBe(commit);
    expect(await closeByReviewer(made.root, repository, number, 'No.')).toEqual({ state: 'closed' });
    await expect(merge()).rejects.toMatchObject({ code: 'code_host_refused', message: /closed/ });
  });

  it('gives a link that the caller builds', async () => {
    const { number } = await openPull('one\n');
    const host = createLocalCodeHost({ root: made.root, url: (pull) => JSON.stringify(pull) });
    expect((await host.readPullRequest(repository, number)).url).toBe(JSON.stringify({ repository, number, branch }));
  });

  it('waits for a merge that has deleted the branch and not yet said so', async () => {
    const { number } = await openPull('one\n2\nthree\n');
    const meta = path.join(made.bare, `refs/graft/pull/${number}/meta`);
    const open = gitObject(['cat-file', 'blob', (await readFile(meta, 'utf8')).trim()], '');
    const merged = gitObject(['hash-object', '-w', '--stdin'], open.replace('"state": "open"', '"state": "merged"'));
    // As git does it: the new value stands in the lock file until it is moved into its place.
    await writeFile(`${meta}.lock`, `${merged}\n`);
    await made.person.deleteBranch(branch);
    const reading = made.host.readPullRequest(repository, number);
    await pause(500);
    await rename(`${meta}.lock`, meta);
    expect((await reading).state).toBe('merged');
  });

  it('has a fingerprint that news changes and reading does not', async () => {
    const { root, host } = made;
    const seen = [await readRefs(root, repository)];
    const expectNews = async (): Promise<void> => {
      const now = await readRefs(root, repository);
      expect(seen).not.toContain(now);
      seen.push(now);
    };
    const { number } = await openPull('one\n');
    await expectNews();
    await made.person.push(branch, { 'App.tsx': 'export default 2;\n' });
    await expectNews();
    await host.readPullRequest(repository, number);
    expect(await readRefs(root, repository)).toBe(seen.at(-1));
    await made.git('--git-dir', made.bare, 'pack-refs', '--all', '--prune');
    expect(await readRefs(root, repository)).toBe(seen.at(-1));
    await made.person.push('main', { 'other.txt': 'other\n' });
    await expectNews();
    await closeByReviewer(root, repository, number, 'No.');
    await expectNews();
    await made.person.deleteBranch(branch);
    await expectNews();
    await expect(readRefs(root, 'nowhere')).rejects.toMatchObject({ code: 'not_found' });
  });

  function gitObject(args: readonly string[], input: string): string {
    const identity = ['-c', 'user.name=x', '-c', 'user.email=x@x'];
    return execFileSync('git', ['--git-dir', made.bare, ...identity, ...args], { input })
      .toString()
      .trim();
  }
});
