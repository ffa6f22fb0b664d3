import { emit } from '../events.ts';
import { pullJson, type PullIssue } from '../json/pull-json.ts';
import type { Account, Repository } from '../state.ts';
import type { World } from '../world.ts';
import { knownMergeability } from './mergeability.ts';

/** Tells the webhook what happened to a pull request. */
export async function emitPull(
  world: World,
  repository: Repository,
  issue: PullIssue,
  action: string,
  sender: Account,
  more: Record<string, unknown> = {},
): Promise<void> {
  // The numbers of a pull request cost several looks into the repository.
  if (world.state.webhook === null) return;
  const pull = await pullJson(world, repository, issue, knownMergeability(repository, issue));
  emit(world, repository, 'pull_request', action, { number: issue.number, pull_request: pull, ...more }, sender);
}
