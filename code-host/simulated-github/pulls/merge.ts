import { listCommits, readCommit, readCommits } from '../git/commits.ts';
import { cherryPickTree, mergeTrees } from '../git/merge-trees.ts';
import { deleteRef, writeRef } from '../git/refs.ts';
import { writeCommit } from '../git/write-commit.ts';
import type { PullIssue } from '../json/pull-json.ts';
import { githubSignature, signatureOf } from '../server/actor.ts';
import { Problem } from '../server/problem.ts';
import type { Account, MergeMethod, Repository } from '../state.ts';
import { accountOf, folderOf, type World } from '../world.ts';
import { markClosed } from './change-state.ts';
import { emitPull } from './pull-event.ts';
import { settle } from './settle.ts';

export interface MergeWish {
  method: MergeMethod;
  title?: string;
  message?: string;
  /** What the head must be. */
  sha?: string;
}

const refusals = {
  merge: 'Merge commits are not allowed on this repository.',
  squash: 'Squash merges are not allowed on this repository.',
  rebase: 'Rebase merges are not allowed on this repository.',
};

/** Merges an open pull request and gives the commit that the base then points at; 405 and 409 in GitHub's words. */
export async function mergePull(
  world: World,
  repository: Repository,
  issue: PullIssue,
  wish: MergeWish,
  actor: Account,
): Promise<string> {
  const { pull } = issue;
  const folder = folderOf(world, repository);
  const base = repository.refs[`refs/heads/${pull.base.ref}`];
  if (issue.state === 'closed' || base === undefined) throw new Problem(405, 'Pull Request is not mergeable');
  if (pull.draft) throw new Problem(405, 'Pull Request is still a draft');
  if (wish.sha !== undefined && wish.sha !== pull.head.sha) {
    throw new Problem(409, 'Head branch was modified. Review and try the merge again.');
  }
  if (!repository.allow[wish.method]) throw new Problem(405, refusals[wish.method]);
  const commit = await commitOf(world, repository, issue, base, wish, actor);
  if (commit === undefined) throw new Problem(405, 'Pull Request is not mergeable');
  await finishMerge(world, repository, issue, { commit, base }, actor);
  if (repository.deleteBranchOnMerge) await deleteRef(folder, `refs/heads/${pull.head.ref}`);
  await settle(world, repository, actor);
  return commit;
}

/** Moves the base to the merged commit and tells everybody. */
export async function finishMerge(
  world: World,
  repository: Repository,
  issue: PullIssue,
  { commit, base }: { commit: string; base: string },
  actor: Account,
): Promise<void> {
  const { pull } = issue;
  await writeRef(folderOf(world, repository), `refs/heads/${pull.base.ref}`, commit);
  markClosed(world, issue, actor);
  pull.mergedAt = issue.closedAt;
  pull.mergedBy = actor.login;
  pull.mergeCommit = commit;
  pull.mergedOnto = base;
  await settle(world, repository, actor);
  await emitPull(world, repository, issue, 'closed', actor);
}

/** The commit that merging makes, undefined when the two sides conflict. */
async function commitOf(
  world: World,
  repository: Repository,
  issue: PullIssue,
  base: string,
  wish: MergeWish,
  actor: Account,
): Promise<string | undefined> {
  const { pull } = issue;
  const folder = folderOf(world, repository);
  const commits = await listCommits(folder, ['--reverse', '--topo-order', pull.head.sha, `^${base}`]);
  if (wish.method === 'rebase') return await rebased(world, folder, commits, base, actor);
  const tree = await mergeTrees(folder, base, pull.head.sha);
  if (tree === undefined) return undefined;
  if (wish.method === 'merge') return await mergeCommitOf(world, repository, issue, { base, tree, wish }, actor);
  const messages = await readCommits(folder, commits);
  const body =
    messages.length === 1
      ? (messages[0]?.message.split('\n').slice(1).join('\n').trim() ?? '')
      : messages.map((commit) => `* ${commit.message.trim()}`).join('\n\n');
  const only = messages.length === 1 ? messages[0]?.message.split('\n')[0] : undefined;
  return await writeCommit(world, folder, {
    tree,
    parents: [base],
    author: signatureOf(world, accountOf(world, issue.login)),
    committer: githubSignature(world),
    message: messageOf(wish.title ?? `${only ?? issue.title} (#${issue.number})`, wish.message ?? body),
    signed: true,
  });
}

/** A merge commit of a pull request as GitHub writes it. */
export async function mergeCommitOf(
  world: World,
  repository: Repository,
  issue: PullIssue,
  { base, tree, wish }: { base: string; tree: string; wish?: MergeWish },
  actor: Account,
): Promise<string> {
  const { pull } = issue;
  const title = wish?.title ?? `Merge pull request #${issue.number} from ${repository.owner}/${pull.head.ref}`;
  return await writeCommit(world, folderOf(world, repository), {
    tree,
    parents: [base, pull.head.sha],
    author: signatureOf(world, actor),
    committer: githubSignature(world),
    message: messageOf(title, wish?.message ?? issue.title),
    signed: true,
  });
}

async function rebased(
  world: World,
  folder: string,
  commits: readonly string[],
  base: string,
  actor: Account,
): Promise<string | undefined> {
  let tip = base;
  for (const sha of commits) {
    const commit = await readCommit(folder, sha);
    // As in any rebase, merges fall away and what they brought is picked one by one.
    if (commit.parents.length > 1) continue;
    const tree = await cherryPickTree(world, folder, sha, tip);
    if (tree === undefined) return undefined;
    const committer = signatureOf(world, actor);
    const { author, message } = commit;
    tip = await writeCommit(world, folder, { tree, parents: [tip], author, committer, message, signed: false });
  }
  return tip;
}

function messageOf(title: string, body: string): string {
  return body === '' ? title : `${title}\n\n${body}`;
}
