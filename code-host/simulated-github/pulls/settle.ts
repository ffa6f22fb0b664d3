import { isAncestor, listCommits } from '../git/commits.ts';
import { branchesAndTags, writeRef } from '../git/refs.ts';
import type { PullIssue } from '../json/pull-json.ts';
import type { Account, Repository } from '../state.ts';
import { folderOf, timeOf, type World } from '../world.ts';
import { closePull, markClosed } from './change-state.ts';
import { pullsOf } from './find.ts';
import { emitPull } from './pull-event.ts';
import { emitPush } from './push-event.ts';

interface Moves {
  before: Readonly<Record<string, string>>;
  after: Readonly<Record<string, string>>;
}

/** Looks which branches and tags moved, and does to pull requests and webhooks what GitHub does after a push. */
export async function settle(world: World, repository: Repository, pusher: Account): Promise<void> {
  const folder = folderOf(world, repository);
  const before = repository.refs;
  const after = await branchesAndTags(folder);
  const moved = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (ref) => before[ref] !== after[ref],
  );
  if (moved.length === 0) return;
  repository.refs = after;
  repository.pushedAt = timeOf(world);
  for (const ref of moved) await emitPush(world, repository, ref, before[ref], after[ref], pusher);
  for (const issue of pullsOf(repository)) {
    if (issue.state === 'open') await settlePull(world, repository, issue, { before, after }, pusher);
  }
  await world.save();
}

async function settlePull(
  world: World,
  repository: Repository,
  issue: PullIssue,
  { before, after }: Moves,
  pusher: Account,
): Promise<void> {
  const folder = folderOf(world, repository);
  const { pull } = issue;
  const head = after[`refs/heads/${pull.head.ref}`];
  const base = after[`refs/heads/${pull.base.ref}`];
  const baseBefore = before[`refs/heads/${pull.base.ref}`];
  if (base !== undefined && base !== baseBefore) {
    for (const candidate of new Set([head ?? pull.head.sha, pull.head.sha])) {
      if (!(await isAncestor(folder, candidate, base))) continue;
      pull.head.sha = candidate;
      await markMergedByPush(world, repository, issue, base, baseBefore ?? null, pusher);
      return;
    }
  }
  if (head === undefined || base === undefined) {
    await closePull(world, repository, issue, pusher);
    return;
  }
  if (head === pull.head.sha) return;
  const previous = pull.head.sha;
  pull.head.sha = head;
  pull.base.sha = base;
  issue.updatedAt = timeOf(world);
  await writeRef(folder, `refs/pull/${issue.number}/head`, head);
  await emitPull(world, repository, issue, 'synchronize', pusher, { before: previous, after: head });
  // A head that was set back has nothing left to merge.
  if (await isAncestor(folder, head, base)) await closePull(world, repository, issue, pusher);
}

async function markMergedByPush(
  world: World,
  repository: Repository,
  issue: PullIssue,
  base: string,
  baseBefore: string | null,
  pusher: Account,
): Promise<void> {
  const { pull } = issue;
  const folder = folderOf(world, repository);
  await writeRef(folder, `refs/pull/${issue.number}/head`, pull.head.sha);
  const path = await listCommits(folder, ['--ancestry-path', '--reverse', base, `^${pull.head.sha}`]);
  markClosed(world, issue, pusher);
  pull.mergedAt = issue.closedAt;
  pull.mergedBy = pusher.login;
  // The merge that brought it in, or the head itself after a fast forward.
  pull.mergeCommit = path[0] ?? pull.head.sha;
  pull.mergedOnto = baseBefore;
  await emitPull(world, repository, issue, 'closed', pusher);
}
