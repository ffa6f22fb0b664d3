import type { CommitInput, FileChange } from '../../contract/code-host.ts';
import { GraftError } from '../../contract/errors.ts';
import { markedMessage } from './commit-mark.ts';
import { keepTree, readDefaultBranch, readGithubTree, readRef } from './base.ts';
import type { GithubRepository } from './client.ts';
import { isOurs, keepOurs, listCommits } from './compare.ts';
import { isAnswer } from './errors.ts';
import { branchRef, commitId } from '../git-names.ts';
import { checkPath } from '../tree-paths.ts';

type Made = { commit: string; tree: string };

const exact = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * One tree, one commit and one move of a branch without force, if it stands where the input says; or the commit that an
 * earlier try has made. Nobody is named as its author, so that GitHub signs it. Throws `code_host_refused` when the
 * branch moved, or is the base.
 */
export async function commitToGithub(repository: GithubRepository, input: CommitInput): Promise<Made> {
  const { branch, parents, expectedHead } = input;
  branchRef(branch);
  parents.forEach(commitId);
  for (const { path } of input.changes) checkPath(path);
  if (branch === (await readDefaultBranch(repository))) {
    throw new GraftError('code_host_refused', `${branch} is the base branch; Graft commits only to its own.`);
  }
  const head = await readRef(repository, branch);
  const tree = await writeTree(repository, await readGithubTree(repository, input.onto), input.changes);
  if ((head ?? null) !== expectedHead) return await sameOrMoved(repository, input, { head, tree });

  const { octokit, at } = repository;
  const { data } = await octokit.request('POST /repos/{owner}/{repo}/git/commits', {
    ...at,
    message: markedMessage(repository.markKey, {
      repository: repository.name,
      branch,
      tree,
      parents,
      message: input.message,
    }),
    tree,
    parents: [...parents],
  });
  try {
    if (expectedHead === null) {
      await octokit.request('POST /repos/{owner}/{repo}/git/refs', { ...at, ref: branchRef(branch), sha: data.sha });
    } else {
      const ref = branchRef(branch).slice('refs/'.length);
      await octokit.request('PATCH /repos/{owner}/{repo}/git/refs/{ref}', { ...at, ref, sha: data.sha, force: false });
    }
  } catch (error) {
    if (!isAnswer(error, 422) && !isAnswer(error, 409) && !isAnswer(error, 404)) throw error;
    return await sameOrMoved(repository, input, { head: await readRef(repository, branch), tree, lost: error });
  }
  keepTree(repository, data.sha, tree);
  if (parents.length === 1) keepOurs(repository, { branch, base: parents[0] ?? '', head: data.sha });
  return { commit: data.sha, tree };
}

/** Our own commit on the branch with this tree and these parents, which an earlier try has made; throws without one. */
async function sameOrMoved(
  repository: GithubRepository,
  { branch, parents, expectedHead }: CommitInput,
  { head, tree, lost }: { head: string | undefined; tree: string; lost?: GraftError },
): Promise<Made> {
  const range = { base: parents[0] ?? '', head: head ?? '' };
  const since = head === undefined ? [] : ((await listCommits(repository, range)) ?? []);
  const same = since.find((each) => each.tree === tree && each.parents.join() === parents.join());
  if (same !== undefined && isOurs(repository, branch, same)) return { commit: same.commit, tree };
  if (lost !== undefined && (head ?? null) === expectedHead) throw unclear(branch, lost);
  throw new GraftError(
    'code_host_refused',
    `The branch ${branch} moved while it was written: somebody pushed to it or deleted it. It is read again on retry.`,
    { details: { branch }, cause: lost },
  );
}

/** Refused for a reason of its own, or by a reading that is older than the writing. */
function unclear(branch: string, cause: GraftError): GraftError {
  if (!/already exists|does not exist|fast forward|update failed/i.test(String(cause.details.said))) return cause;
  const message = `GitHub says that the branch ${branch} moved, and shows it unmoved: it is read again after a while.`;
  return new GraftError('unavailable', message, { cause, retryAfterSeconds: 2 });
}

async function writeTree(repository: GithubRepository, onto: string, changes: readonly FileChange[]): Promise<string> {
  if (changes.length === 0) return onto;
  const { octokit, at } = repository;
  const entries = await Promise.all(changes.map(async (change) => await entryOf(repository, change)));
  const { data } = await octokit.request('POST /repos/{owner}/{repo}/git/trees', {
    ...at,
    base_tree: onto,
    tree: entries,
  });
  return data.sha;
}

/** Text goes into the tree's own request; what is no UTF-8 needs one of its own. */
async function entryOf({ octokit, at }: GithubRepository, { path, mode, bytes }: FileChange) {
  const entry = { path, mode, type: 'blob' } as const;
  if (bytes === null) return { ...entry, sha: null };
  const content = textOf(bytes);
  if (content !== undefined) return { ...entry, content };
  const { data } = await octokit.request('POST /repos/{owner}/{repo}/git/blobs', {
    ...at,
    content: Buffer.from(bytes).toString('base64'),
    encoding: 'base64',
  });
  return { ...entry, sha: data.sha };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return exact.decode(bytes);
  } catch {
    return undefined;
  }
}
