import { setTimeout as pause } from 'node:timers/promises';
import type { BaseHead, PullRequest } from '../../contract/code-host.ts';
import { GraftError } from '../../contract/errors.ts';
import { bodyOf } from './comments.ts';
import { ownTextIn } from './own-text.ts';
import { readBranchHead, readGithubTree } from './base.ts';
import type { GithubRepository } from './client.ts';
import { areOursAtGithub } from './compare.ts';
import { isAnswer } from './errors.ts';

/** What we read of a pull request as GitHub gives it. */
export interface GithubPull {
  number: number;
  node_id: string;
  html_url: string;
  title: string;
  body: string | null;
  draft?: boolean;
  state: string;
  merged: boolean;
  mergeable: boolean | null;
  labels: readonly { name: string }[];
  head: { ref: string; sha: string };
  base: { ref: string; sha: string };
}

// GitHub finds out in the background after it was asked: 2.3 s in all.
const pausesUntilMergeable = [300, 700, 1300];

/** Reads one pull request as it is; throws `not_found`. */
export async function getPull({ octokit, at }: GithubRepository, number: number): Promise<GithubPull> {
  try {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
      ...at,
      pull_number: number,
    });
    return data;
  } catch (error) {
    if (!isAnswer(error, 404)) throw error;
    throw new GraftError('not_found', `The repository has no pull request ${number}.`, { cause: error });
  }
}

/** Reads one pull request with all that is true of it; waits a moment for GitHub to find out whether it merges. */
export async function readGithubPull(repository: GithubRepository, number: number): Promise<PullRequest> {
  const pull = await untilMergeable(repository, await getPull(repository, number));
  return await describePull(repository, pull, await baseOf(repository, pull));
}

/** The open pull request of a branch, else its newest, else undefined. */
export async function findGithubPull(repository: GithubRepository, branch: string): Promise<PullRequest | undefined> {
  const found = await findNumber(repository, branch);
  return found === undefined ? undefined : await readGithubPull(repository, found.number);
}

/** Number and state of the open pull request of a branch, else of its newest. */
export async function findNumber(
  { octokit, at }: GithubRepository,
  branch: string,
): Promise<{ number: number; isOpen: boolean } | undefined> {
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/pulls', {
    ...at,
    head: `${at.owner}:${branch}`,
    state: 'all',
    sort: 'created',
    direction: 'desc',
    per_page: 100,
  });
  const pulls = data.filter(({ head }) => head.ref === branch).sort((one, other) => other.number - one.number);
  const found = pulls.find(({ state }) => state === 'open') ?? pulls[0];
  return found && { number: found.number, isOpen: found.state === 'open' };
}

/** A pull request that was opened this instant: its base is what it names, and nobody has looked whether it merges. */
export async function describeOpened(repository: GithubRepository, pull: GithubPull): Promise<PullRequest> {
  const { ref: branch, sha: commit } = pull.base;
  return await describePull(repository, pull, { branch, commit, tree: await readGithubTree(repository, commit) });
}

async function describePull(repository: GithubRepository, pull: GithubPull, base: BaseHead): Promise<PullRequest> {
  const branch = pull.head.ref;
  return {
    number: pull.number,
    title: pull.title,
    body: ownTextIn(bodyOf(pull)),
    draft: pull.draft ?? false,
    labels: pull.labels.map(({ name }) => name),
    state: stateOf(pull),
    branch,
    head: pull.head.sha,
    base,
    mergeable: pull.state === 'open' ? (pull.mergeable ?? undefined) : false,
    ours: await areOursAtGithub(repository, { branch, base: base.commit, head: pull.head.sha }),
    url: pull.html_url,
  };
}

function stateOf({ merged, state }: GithubPull): PullRequest['state'] {
  if (merged) return 'merged';
  return state === 'open' ? 'open' : 'closed';
}

// What the pull request names as its base is the commit of when it was opened.
async function baseOf(repository: GithubRepository, { number, base }: GithubPull): Promise<BaseHead> {
  const head = await readBranchHead(repository, base.ref);
  if (head !== undefined) return head;
  throw new GraftError('code_host_refused', `The base branch ${base.ref} of pull request ${number} is gone.`);
}

async function untilMergeable(repository: GithubRepository, given: GithubPull): Promise<GithubPull> {
  let pull = given;
  for (const milliseconds of pausesUntilMergeable) {
    if (pull.state !== 'open' || pull.mergeable !== null) return pull;
    await pause(milliseconds);
    pull = await getPull(repository, pull.number);
  }
  return pull;
}
