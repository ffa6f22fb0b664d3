import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLocalCodeHost } from '../../code-host/local/index.ts';
import { rewriteLocalPullRequest } from '../../code-host/local/pull-request.ts';
import { readPull } from '../../code-host/local/record.ts';
import { closeByReviewer, commentAsReviewer, mergePullRequest } from '../../code-host/local/review.ts';
import type { CodeHostUnderTest, SeedFile } from '../conformance/code-host.ts';
import { type PersonsClone, makeClone } from './persons-clone.ts';

/** Name of the repository that `makeLocalHost` makes. */
export const repository = 'app';

export interface LocalHostUnderTest extends CodeHostUnderTest {
  /** Folder of the repositories. */
  root: string;
  /** Folder of the bare repository. */
  bare: string;
  /** Runs git in the person's clone. */
  git: PersonsClone['git'];
}

/** A bare repository and a person's clone of it, driven by the git of the machine. */
export async function makeLocalHost(files: Readonly<Record<string, SeedFile>>): Promise<LocalHostUnderTest> {
  const folder = await mkdtemp(path.join(tmpdir(), 'graft-code-host-'));
  const root = path.join(folder, 'repositories');
  const bare = path.join(root, `${repository}.git`);
  await mkdir(root);
  const { git, ...inClone } = await makeClone({ folder: path.join(folder, 'clone'), bare, files });

  return {
    host: createLocalCodeHost({ root }),
    repository,
    absentRepository: 'nowhere',
    root,
    bare,
    git,
    person: {
      ...inClone,
      async pressMerge(number, strategy) {
        await mergePullRequest(root, repository, number, { strategy });
      },
      async pressClose(number) {
        await closeByReviewer(root, repository, number, 'We decided otherwise.');
      },
      async retitle(number, title) {
        await rewriteLocalPullRequest(bare, number, () => ({ title }));
      },
      async comment(number, text) {
        await commentAsReviewer(root, repository, number, text);
      },
    },
    async said(number) {
      const { record } = (await readPull(bare, number)).pull;
      const checks = record.checks?.steps.map(({ name, verdict }) => `${name}: ${verdict}`) ?? [];
      return { comments: record.comments.map(({ text }) => text), checks };
    },
    remove: async () => await rm(folder, { recursive: true, force: true }),
  };
}
