import type { PullIssue } from '../json/pull-json.ts';
import { Problem } from '../server/problem.ts';
import type { Account, MergeMethod, Repository } from '../state.ts';
import { accountOf, timeOf, type World } from '../world.ts';
import { pullsOf } from './find.ts';
import { mergePull } from './merge.ts';
import { knownMergeability, lookForConflicts } from './mergeability.ts';
import { emitPull } from './pull-event.ts';

/** Lets a pull request be merged as soon as its checks allow; GitHub refuses when there is nothing to wait for. */
export async function enableAutoMerge(
  world: World,
  repository: Repository,
  issue: PullIssue,
  method: MergeMethod,
  actor: Account,
): Promise<void> {
  if (!repository.allowAutoMerge) throw new Problem(422, 'Auto merge is not allowed for this repository');
  await lookForConflicts(world, repository, issue);
  if (knownMergeability(repository, issue).state === 'clean') throw new Problem(422, 'Pull request is in clean status');
  issue.pull.autoMerge = { login: actor.login, method };
  issue.updatedAt = timeOf(world);
  await emitPull(world, repository, issue, 'auto_merge_enabled', actor);
}

/** Merges what waited for its checks, in the name of the person who asked for it. */
export async function mergeWaiting(world: World, repository: Repository): Promise<void> {
  for (const issue of pullsOf(repository)) {
    const { autoMerge } = issue.pull;
    if (issue.state === 'closed' || autoMerge === null) continue;
    await lookForConflicts(world, repository, issue);
    if (knownMergeability(repository, issue).state !== 'clean') continue;
    await mergePull(world, repository, issue, { method: autoMerge.method }, accountOf(world, autoMerge.login));
  }
}
