import { listCommits, mergeBase } from '../git/commits.ts';
import { writeRef } from '../git/refs.ts';
import type { PullIssue } from '../json/pull-json.ts';
import { Problem, validationFailed, type FieldProblem } from '../server/problem.ts';
import type { Account, Issue, Repository } from '../state.ts';
import { folderOf, newId, timeOf, type World } from '../world.ts';
import { pullsOf } from './find.ts';
import { emitPull } from './pull-event.ts';

export interface NewPull {
  title: string;
  body: string | null;
  head: string;
  base: string;
  draft: boolean;
  maintainerCanModify: boolean;
}

/** Opens a pull request; 422 in GitHub's words when it cannot be. */
export async function openPull(
  world: World,
  repository: Repository,
  { title, body, head, base, draft, maintainerCanModify }: NewPull,
  actor: Account,
  app: number | null,
): Promise<PullIssue> {
  const { owner } = repository;
  const folder = folderOf(world, repository);
  const branch = head.startsWith(`${owner}:`) ? head.slice(owner.length + 1) : head;
  const headSha = repository.refs[`refs/heads/${branch}`];
  const baseSha = repository.refs[`refs/heads/${base}`];
  const wrong: FieldProblem[] = [
    ...(headSha === undefined ? [{ resource: 'PullRequest', field: 'head', code: 'invalid' }] : []),
    ...(baseSha === undefined ? [{ resource: 'PullRequest', field: 'base', code: 'invalid' }] : []),
  ];
  if (headSha === undefined || baseSha === undefined) throw validationFailed(...wrong);
  const custom = (message: string) => validationFailed({ resource: 'PullRequest', code: 'custom', message });
  if (draft && !repository.drafts) {
    throw new Problem(422, 'Draft pull requests are not supported in this repository.');
  }
  const twin = pullsOf(repository).some(
    ({ state, pull }) => state === 'open' && pull.head.ref === branch && pull.base.ref === base,
  );
  if (twin) throw custom(`A pull request already exists for ${owner}:${branch}.`);
  if ((await mergeBase(folder, baseSha, headSha)) === undefined) {
    throw custom(`The ${branch} branch has no history in common with ${base}`);
  }
  if ((await listCommits(folder, ['--max-count=1', headSha, `^${baseSha}`])).length === 0) {
    throw custom(`No commits between ${base} and ${branch}`);
  }
  const issue = {
    ...newIssue(world, repository, { title, body, actor, app }),
    pull: {
      id: newId(world),
      head: { ref: branch, sha: headSha },
      base: { ref: base, sha: baseSha },
      draft,
      mergedAt: null,
      mergedBy: null,
      mergeCommit: null,
      mergedOnto: null,
      maintainerCanModify,
      autoMerge: null,
      checked: null,
    },
  };
  repository.issues.push(issue);
  await writeRef(folder, `refs/pull/${issue.number}/head`, headSha);
  await emitPull(world, repository, issue, 'opened', actor);
  return issue;
}

/** An issue with the next number of the repository, not yet in it. */
export function newIssue(
  world: World,
  repository: Repository,
  { title, body, actor, app }: { title: string; body: string | null; actor: Account; app: number | null },
): Issue {
  const now = timeOf(world);
  return {
    id: newId(world),
    number: repository.nextNumber++,
    title,
    body,
    login: actor.login,
    state: 'open',
    stateReason: null,
    labels: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    app,
    pull: null,
  };
}
