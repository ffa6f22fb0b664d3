import { isAncestor } from '../git/commits.ts';
import type { PullIssue } from '../json/pull-json.ts';
import { validationFailed, type Problem } from '../server/problem.ts';
import type { Account, Repository } from '../state.ts';
import { folderOf, timeOf, type World } from '../world.ts';
import { pullsOf } from './find.ts';
import { emitPull } from './pull-event.ts';

/** Closes a pull request without merging it. */
export async function closePull(world: World, repository: Repository, issue: PullIssue, actor: Account): Promise<void> {
  if (issue.state === 'closed') return;
  markClosed(world, issue, actor);
  await emitPull(world, repository, issue, 'closed', actor);
}

/** Notes that a pull request is closed, merged or not, without telling anybody. */
export function markClosed(world: World, issue: PullIssue, actor: Account): void {
  issue.state = 'closed';
  issue.closedAt = timeOf(world);
  issue.updatedAt = issue.closedAt;
  issue.closedBy = actor.login;
  issue.pull.autoMerge = null;
}

/** Opens a closed pull request again; 422 when its branch does not allow that. */
export async function reopenPull(
  world: World,
  repository: Repository,
  issue: PullIssue,
  actor: Account,
): Promise<void> {
  if (issue.state === 'open') return;
  const { pull } = issue;
  const head = repository.refs[`refs/heads/${pull.head.ref}`];
  if (pull.mergedAt !== null) throw unchangeable('The pull request cannot be reopened.');
  if (head === undefined) throw unchangeable(`The ${pull.head.ref} branch has been deleted.`);
  if (repository.refs[`refs/heads/${pull.base.ref}`] === undefined) {
    throw unchangeable(`The ${pull.base.ref} branch has been deleted.`);
  }
  if (!(await isAncestor(folderOf(world, repository), pull.head.sha, head))) {
    throw unchangeable(`The ${pull.head.ref} branch was force-pushed or recreated.`);
  }
  const twin = pullsOf(repository).find(
    (one) => one.state === 'open' && one.pull.head.ref === pull.head.ref && one.pull.base.ref === pull.base.ref,
  );
  if (twin) {
    const { owner } = repository;
    throw unchangeable(
      `There is already an open pull request from ${owner}:${pull.head.ref} to ${owner}:${pull.base.ref}.`,
    );
  }
  issue.state = 'open';
  issue.closedAt = null;
  issue.closedBy = null;
  issue.updatedAt = timeOf(world);
  pull.head.sha = head;
  await emitPull(world, repository, issue, 'reopened', actor);
}

/** Makes a draft ready for review, or the other way round. */
export async function changeDraft(
  world: World,
  repository: Repository,
  issue: PullIssue,
  draft: boolean,
  actor: Account,
): Promise<void> {
  if (issue.pull.draft === draft) return;
  issue.pull.draft = draft;
  issue.updatedAt = timeOf(world);
  await emitPull(world, repository, issue, draft ? 'converted_to_draft' : 'ready_for_review', actor);
}

/** Changes title and body, and tells what they were. */
export async function editPull(
  world: World,
  repository: Repository,
  issue: PullIssue,
  { title = issue.title, body = issue.body }: { title?: string; body?: string | null },
  actor: Account,
): Promise<void> {
  const changes = {
    ...(title !== issue.title && { title: { from: issue.title } }),
    ...(body !== issue.body && { body: { from: issue.body ?? '' } }),
  };
  if (Object.keys(changes).length === 0) return;
  Object.assign(issue, { title, body, updatedAt: timeOf(world) });
  await emitPull(world, repository, issue, 'edited', actor, { changes });
}

function unchangeable(why: string): Problem {
  const message = `state cannot be changed. ${why}`;
  return validationFailed({ resource: 'PullRequest', code: 'custom', field: 'state', message });
}
