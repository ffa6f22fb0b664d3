import type { BaseHead } from '../../contract/code-host.ts';
import { GraftError } from '../../contract/errors.ts';
import { git } from '../git.ts';
import { readRefs } from '../git-refs.ts';
import { branchRef } from '../git-names.ts';

/** Name of the branch that HEAD of a repository folder points at, whether it exists or not. */
export async function baseBranch(repository: string): Promise<string> {
  const { code, output } = await git(repository, ['symbolic-ref', '--quiet', 'HEAD'], { accept: [1] });
  const ref = output.toString().trim();
  if (code === 0 && ref.startsWith('refs/heads/')) return ref.slice('refs/heads/'.length);
  throw new GraftError(
    'code_host_refused',
    'HEAD of the repository names no branch: set it with git symbolic-ref HEAD refs/heads/main.',
  );
}

/** The head of the branch that pull requests go into; throws `unsupported_app` when nothing was pushed to it yet. */
export async function readBase(repository: string): Promise<BaseHead> {
  const branch = await baseBranch(repository);
  const head = (await readRefs(repository, [`refs/heads/${branch}`])).get(`refs/heads/${branch}`);
  if (head === undefined) {
    throw new GraftError(
      'unsupported_app',
      `The repository has no commit on ${branch} yet: push the app to it first.`,
      {
        fields: [{ field: 'repository', fix: `Push the app to the branch ${branch}.` }],
      },
    );
  }
  if (head.object.length !== 40) {
    throw new GraftError(
      'code_host_refused',
      'The repository names objects by SHA-256; Graft reads SHA-1 repositories.',
    );
  }
  return { branch, commit: head.object, tree: head.tree };
}

/** Full names of the branches below a folder of branches, in order. */
export async function listBranches(repository: string, folder: string): Promise<readonly string[]> {
  const refs = await readRefs(repository, [`${branchRef(folder)}/`]);
  return [...refs.keys()].map((ref) => ref.slice('refs/heads/'.length)).sort();
}
