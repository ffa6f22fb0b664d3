import type { BaseHead } from '../../contract/code-host.ts';
import { GraftError } from '../../contract/errors.ts';
import { absentAtGithub, isAnswer } from './errors.ts';
import type { GithubRepository } from './client.ts';
import { branchRef, commitId } from '../git-names.ts';

const millisecondsKnown = 60_000;

/** The branch that pull requests go into, as it was less than a minute ago. */
export async function readDefaultBranch(repository: GithubRepository): Promise<string> {
  const known = repository.kept.defaultBranches.get(repository.name);
  if (known !== undefined && Date.now() - known.readAt < millisecondsKnown) return known.branch;
  return await readDefaultBranchNow(repository);
}

async function readDefaultBranchNow({ octokit, at, name, kept }: GithubRepository): Promise<string> {
  const { data } = await octokit.request('GET /repos/{owner}/{repo}', at);
  kept.defaultBranches.set(name, { branch: data.default_branch, readAt: Date.now() });
  return data.default_branch;
}

/** The head of the default branch; throws `unsupported_app` when nothing was pushed to it yet. */
export async function readGithubBase(repository: GithubRepository): Promise<BaseHead> {
  const branch = await readDefaultBranchNow(repository);
  const base = await readBranchHead(repository, branch);
  if (base !== undefined) return base;
  throw new GraftError('unsupported_app', `The repository has no commit on ${branch} yet: push the app to it first.`, {
    fields: [{ field: 'repository', fix: `Push the app to the branch ${branch}.` }],
  });
}

/** Commit and tree at the head of a branch, undefined when there is no such branch. */
export async function readBranchHead(repository: GithubRepository, branch: string): Promise<BaseHead | undefined> {
  const { octokit, at } = repository;
  const found = await octokit
    .request('GET /repos/{owner}/{repo}/branches/{branch}', { ...at, branch })
    .catch(absentAtGithub);
  if (found === undefined) return undefined;
  const { sha: commit } = found.data.commit;
  const tree = found.data.commit.commit.tree.sha;
  keepTree(repository, commit, tree);
  return { branch, commit, tree };
}

/** The commit that a branch stands at, undefined when there is no such branch. */
export async function readRef({ octokit, at }: GithubRepository, branch: string): Promise<string | undefined> {
  const ref = branchRef(branch).slice('refs/'.length);
  const found = await octokit.request('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...at, ref }).catch(absentAtGithub);
  return found?.data.object.sha;
}

/** The tree of a commit; throws `not_found`. */
export async function readGithubTree(repository: GithubRepository, commit: string): Promise<string> {
  const known = repository.kept.facts.get(treeKey(repository, commit));
  if (known !== undefined) return known;
  const { octokit, at } = repository;
  try {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', {
      ...at,
      commit_sha: commitId(commit),
    });
    keepTree(repository, commit, data.tree.sha);
    return data.tree.sha;
  } catch (error) {
    if (!isAnswer(error, 404) && !isAnswer(error, 409)) throw error;
    const message = `The repository has no commit ${commit}; it may have been removed by a push.`;
    throw new GraftError('not_found', message, { cause: error });
  }
}

/** Remembers the tree of a commit that somebody has read already. */
export function keepTree(repository: GithubRepository, commit: string, tree: string): void {
  repository.kept.facts.set(treeKey(repository, commit), tree, 200);
}

/** Full names of the branches below a folder of branches, in order. */
export async function listGithubBranches(
  { octokit, at }: GithubRepository,
  folder: string,
): Promise<readonly string[]> {
  const ref = branchRef(folder);
  try {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', {
      ...at,
      ref: `${ref.slice('refs/'.length)}/`,
    });
    const names = data.filter((each) => each.ref.startsWith(`${ref}/`));
    return names.map((each) => each.ref.slice('refs/heads/'.length)).sort();
  } catch (error) {
    // A repository that nothing was pushed to.
    if (isAnswer(error, 409)) return [];
    throw error;
  }
}

function treeKey({ name }: GithubRepository, commit: string): string {
  return `tree ${name.toLowerCase()} ${commit}`;
}
