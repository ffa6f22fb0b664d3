import { GraftError } from '../../contract/errors.ts';
import { readGithubBase, readRef } from './base.ts';
import type { GithubRepository } from './client.ts';
import { areOursAtGithub } from './compare.ts';
import { isAnswer } from './errors.ts';
import { branchRef } from '../git-names.ts';

/** Deletes a branch of ours; `code_host_refused` for the base, and when commits of others would be lost with it. */
export async function deleteGithubBranch(repository: GithubRepository, branch: string): Promise<void> {
  const head = await readRef(repository, branch);
  if (head === undefined) return;
  const base = await readGithubBase(repository);
  if (branch === base.branch) {
    throw new GraftError('code_host_refused', `${branch} is the base branch; Graft deletes only its own.`);
  }
  if (!(await areOursAtGithub(repository, { branch, base: base.commit, head }))) {
    const message = `The branch ${branch} holds commits that are not ours and not in ${base.branch}; it stays.`;
    throw new GraftError('code_host_refused', message, { details: { branch } });
  }
  const { octokit, at } = repository;
  const ref = branchRef(branch).slice('refs/'.length);
  await octokit.request('DELETE /repos/{owner}/{repo}/git/refs/{ref}', { ...at, ref }).catch((error: unknown) => {
    if (!isAnswer(error, 422, /does not exist/i) && !isAnswer(error, 404)) throw error;
  });
}
