import { GraftError } from '../../contract/errors.ts';
import { isMarked } from './commit-mark.ts';
import type { GithubRepository } from './client.ts';
import { isAnswer } from './errors.ts';
import { commitId } from '../git-names.ts';

/** What a comparison says of one commit. */
export interface ComparedCommit {
  commit: string;
  tree: string;
  parents: readonly string[];
  message: string;
}

const perPage = 100;

/** The best common ancestor of two commits; throws `branch_conflict` when they have none. */
export async function readGithubMergeBase(repository: GithubRepository, one: string, other: string): Promise<string> {
  return await remembered(repository, `base ${commitId(one)} ${commitId(other)}`, async () => {
    const found = await comparePage(repository, { base: one, head: other, page: 1, size: 1 });
    if (found !== undefined) return found.merge_base_commit.sha;
    throw new GraftError(
      'branch_conflict',
      'The branch and the base have no commit in common: was one of them replaced?',
    );
  });
}

/** The commits that `head` has and `base` lacks, the oldest first; undefined when the two have nothing in common. */
export async function listCommits(
  repository: GithubRepository,
  { base, head }: { base: string; head: string },
): Promise<readonly ComparedCommit[] | undefined> {
  const commits: ComparedCommit[] = [];
  for (let page = 1; ; page++) {
    const found = await comparePage(repository, { base, head, page, size: perPage });
    if (found === undefined) return undefined;
    for (const { sha, commit, parents } of found.commits) {
      const { tree, message } = commit;
      commits.push({ commit: sha, tree: tree.sha, parents: parents.map((parent) => parent.sha), message });
    }
    if (found.commits.length < perPage || commits.length >= found.total_commits) return commits;
  }
}

/** Did we make every commit that `head`, of this branch, has and `base` lacks? */
export async function areOursAtGithub(
  repository: GithubRepository,
  range: { branch: string; base: string; head: string },
): Promise<boolean> {
  if (range.base === range.head) return true;
  const { branch } = range;
  const said = await remembered(repository, `ours ${branch} ${range.base} ${range.head}`, async () => {
    const commits = await listCommits(repository, range);
    return String(commits?.every((commit) => isOurs(repository, branch, commit)) ?? false);
  });
  return said === 'true';
}

/** Remembers that a commit which we have just made on `base` is ours. */
export function keepOurs(
  { name, kept }: GithubRepository,
  range: { branch: string; base: string; head: string },
): void {
  kept.facts.set(key(name, `ours ${range.branch} ${range.base} ${range.head}`), 'true', 300);
}

/** Does this commit carry our mark, as it is? */
export function isOurs({ markKey, name }: GithubRepository, branch: string, commit: ComparedCommit): boolean {
  return isMarked(markKey, { repository: name, branch, ...commit });
}

async function comparePage(
  { octokit, at }: GithubRepository,
  { base, head, page, size }: { base: string; head: string; page: number; size: number },
) {
  try {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
      ...at,
      basehead: `${base}...${head}`,
      page,
      per_page: size,
    });
    return data;
  } catch (error) {
    if (isAnswer(error, 404, /no common ancestor/i)) return undefined;
    throw error;
  }
}

/** Asks once for what two git ids settle for ever. */
async function remembered({ name, kept }: GithubRepository, what: string, ask: () => Promise<string>): Promise<string> {
  const known = kept.facts.get(key(name, what));
  if (known !== undefined) return known;
  const said = await ask();
  kept.facts.set(key(name, what), said, 300);
  return said;
}

function key(name: string, what: string): string {
  return `${name.toLowerCase()} ${what}`;
}
