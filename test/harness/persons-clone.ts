import { execFile } from 'node:child_process';
import { access, chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { CodeHostUnderTest, SeedFile } from '../conformance/code-host.ts';

const run = promisify(execFile);

type InClone = Pick<
  CodeHostUnderTest['person'],
  'push' | 'amend' | 'mergeByHand' | 'resetToBase' | 'deleteBranch' | 'rebase'
>;

export interface PersonsClone extends InClone {
  /** Runs git in the clone. */
  git: (...args: string[]) => Promise<string>;
}

/** A person's clone of a bare repository, which is made when it is not there, with these files as its first commit. */
export async function makeClone({
  folder: clone,
  bare,
  files,
}: {
  folder: string;
  bare: string;
  files: Readonly<Record<string, SeedFile>>;
}): Promise<PersonsClone> {
  const environment = {
    PATH: process.env.PATH,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'graft[bot]',
    GIT_AUTHOR_EMAIL: 'graft[bot]@localhost',
    GIT_COMMITTER_NAME: 'graft[bot]',
    GIT_COMMITTER_EMAIL: 'graft[bot]@localhost',
  };
  const git = async (...args: string[]): Promise<string> =>
    (await run('git', args, { cwd: clone, env: environment })).stdout.trim();
  const write = async (texts: Readonly<Record<string, string>>): Promise<void> => {
    for (const [file, text] of Object.entries(texts)) await writeFile(path.join(clone, file), text);
  };
  const checkOut = async (branch: string): Promise<void> => {
    await git('fetch', '--quiet', '--prune', 'origin');
    const known = await git('branch', '--remotes', '--list', `origin/${branch}`);
    await git('checkout', '--quiet', '-B', branch, known === '' ? 'origin/main' : `origin/${branch}`);
  };

  await mkdir(clone, { recursive: true });
  const isThere = await access(bare).then(
    () => true,
    () => false,
  );
  if (!isThere) await git('init', '--quiet', '--bare', '--initial-branch=main', bare);
  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', 'origin', bare);
  for (const [file, { mode, text }] of Object.entries(files)) {
    const target = path.join(clone, file);
    await mkdir(path.dirname(target), { recursive: true });
    if (mode === '120000') await symlink(text, target);
    else await writeFile(target, text);
    if (mode === '100755') await chmod(target, 0o755);
  }
  await git('add', '--all');
  await git('commit', '--quiet', '--message=seed');
  await git('push', '--quiet', 'origin', 'main');

  return {
    git,
    async push(branch, texts) {
      await checkOut(branch);
      await write(texts);
      await git('add', '--all');
      if (Object.keys(texts).length > 0) await git('commit', '--quiet', '--message=by hand');
      await git('push', '--quiet', 'origin', branch);
      return await git('rev-parse', 'HEAD');
    },
    async amend(branch, texts) {
      await checkOut(branch);
      await write(texts);
      await git('commit', '--quiet', '--all', '--amend', '--no-edit');
      await git('push', '--quiet', '--force', 'origin', branch);
      return await git('rev-parse', 'HEAD');
    },
    async rebase(branch) {
      await checkOut(branch);
      await git('rebase', '--quiet', 'origin/main');
      await git('push', '--quiet', '--force', 'origin', branch);
      return await git('rev-parse', 'HEAD');
    },
    async mergeByHand(branch, how) {
      await checkOut('main');
      await git('merge', '--quiet', how === 'fast-forward' ? '--ff-only' : '--no-ff', '--no-edit', `origin/${branch}`);
      await git('push', '--quiet', 'origin', 'main');
    },
    async resetToBase(branch) {
      await git('fetch', '--quiet', 'origin');
      await git('push', '--quiet', '--force', 'origin', `origin/main:refs/heads/${branch}`);
    },
    async deleteBranch(branch) {
      await git('push', '--quiet', 'origin', `:${branch}`);
    },
  };
}
