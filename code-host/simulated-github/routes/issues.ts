import { emit } from '../events.ts';
import { labelIssue } from '../issues/label.ts';
import { issueJson } from '../json/issue-json.ts';
import { closePull, editPull, reopenPull } from '../pulls/change-state.ts';
import { isPull } from '../pulls/find.ts';
import { newIssue } from '../pulls/open.ts';
import { atLeast, checkEither, roleOf } from '../server/access.ts';
import { actorOf, appIdOf } from '../server/actor.ts';
import { nullableText, oneOf, optionalText, texts } from '../server/body.ts';
import { created, ok, repositoryRoute, type Needs, type RepositoryCall, type Reply } from '../server/call.ts';
import { page } from '../server/pages.ts';
import { notFound, validationFailed } from '../server/problem.ts';
import type { Issue } from '../state.ts';
import { timeOf } from '../world.ts';

/** A pull request is an issue too, so that either permission opens these routes. */
export const readsIssues: Needs = [{ issues: 'read' }, { pull_requests: 'read' }];
export const writesIssues: Needs = [{ issues: 'write' }, { pull_requests: 'write' }];

export const issueRoutes = [
  repositoryRoute('GET /issues', { docs: 'issues/issues#list-repository-issues', needs: readsIssues }, listIssues),
  repositoryRoute(
    'POST /issues',
    { docs: 'issues/issues#create-an-issue', needs: { issues: 'write' }, role: 'read' },
    createIssue,
  ),
  repositoryRoute('GET /issues/{issue_number}', { docs: 'issues/issues#get-an-issue', needs: readsIssues }, (call) =>
    ok(issueJson(call.world, call.repository, issueOf(call, readsIssues))),
  ),
  repositoryRoute(
    'PATCH /issues/{issue_number}',
    { docs: 'issues/issues#update-an-issue', needs: writesIssues, role: 'read' },
    updateIssue,
  ),
];

/** The issue that a path names, if the token may do this to an issue, or to a pull request, which this one is. */
export function issueOf(call: RepositoryCall, needs: Needs): Issue {
  const number = Number(call.params['issue_number']);
  const issue = call.repository.issues.find((one) => one.number === number);
  if (issue === undefined) throw notFound();
  checkKind(call, issue, needs);
  return issue;
}

/** Throws when the token has only the permission for the other kind. */
export function checkKind(call: RepositoryCall, issue: Issue, needs: Needs): void {
  const fitting = issue.pull ? needs : needs.filter((set) => 'issues' in set);
  checkEither(call.identity, call.repository, fitting);
}

function listIssues(call: RepositoryCall): Reply {
  const { world, repository, query } = call;
  const state = query.get('state') ?? 'open';
  const labels = query.get('labels')?.split(',') ?? [];
  const creator = query.get('creator');
  const since = Date.parse(query.get('since') ?? '');
  const found = repository.issues
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => labels.every((label) => issue.labels.includes(label)))
    .filter((issue) => creator === null || issue.login === creator)
    .filter((issue) => Number.isNaN(since) || Date.parse(issue.updatedAt) >= since)
    .sort((one, other) =>
      query.get('sort') === 'updated'
        ? one.updatedAt.localeCompare(other.updatedAt) || one.number - other.number
        : one.number - other.number,
    );
  if (query.get('direction') !== 'asc') found.reverse();
  const { items, headers } = page(call, found);
  return ok(
    items.map((issue) => issueJson(world, repository, issue)),
    headers,
  );
}

async function createIssue(call: RepositoryCall): Promise<Reply> {
  const { world, repository, body, identity } = call;
  const title = optionalText(body, 'title');
  if (title === undefined || title.trim() === '') {
    throw validationFailed({ resource: 'Issue', code: 'missing_field', field: 'title' });
  }
  const actor = actorOf(identity);
  const text = nullableText(body, 'body') ?? null;
  const issue = newIssue(world, repository, { title, body: text, actor, app: appIdOf(identity) });
  repository.issues.push(issue);
  emit(world, repository, 'issues', 'opened', { issue: issueJson(world, repository, issue) }, actor);
  // Labels of somebody without the right to set them are dropped in silence.
  const maySet = identity.kind === 'installation' || atLeast(roleOf(repository, actor), 'triage');
  if (maySet) await labelIssue(world, repository, issue, texts(body, 'labels') ?? [], actor);
  return created(issueJson(world, repository, issue));
}

async function updateIssue(call: RepositoryCall): Promise<Reply> {
  const { world, repository, body, identity } = call;
  const issue = issueOf(call, writesIssues);
  const actor = actorOf(identity);
  const mayChange =
    identity.kind === 'installation' || issue.login === actor.login || atLeast(roleOf(repository, actor), 'triage');
  if (!mayChange) throw notFound();
  const title = optionalText(body, 'title');
  const text = nullableText(body, 'body');
  const state = oneOf(body, 'state', ['open', 'closed']);
  const labels = texts(body, 'labels');
  if (isPull(issue)) {
    const edit = { ...(title !== undefined && { title }), ...(text !== undefined && { body: text }) };
    await editPull(world, repository, issue, edit, actor);
    if (state === 'closed') await closePull(world, repository, issue, actor);
    if (state === 'open') await reopenPull(world, repository, issue, actor);
  } else {
    changeIssue(call, issue, { title, text, state });
  }
  if (labels) {
    issue.labels = issue.labels.filter((name) => labels.includes(name));
    await labelIssue(world, repository, issue, labels, actor);
  }
  return ok(issueJson(world, repository, issue));
}

function changeIssue(
  { world, repository, identity, body }: RepositoryCall,
  issue: Issue,
  { title, text, state }: { title?: string; text?: string | null; state?: 'open' | 'closed' },
): void {
  const actor = actorOf(identity);
  const now = timeOf(world);
  const event = (action: string) =>
    emit(world, repository, 'issues', action, { issue: issueJson(world, repository, issue) }, actor);
  if (title !== undefined || text !== undefined) {
    issue.title = title ?? issue.title;
    issue.body = text === undefined ? issue.body : text;
    issue.updatedAt = now;
    event('edited');
  }
  if (state === undefined || state === issue.state) return;
  const closed = state === 'closed';
  const reason = oneOf(body, 'state_reason', ['completed', 'not_planned', 'duplicate', 'reopened']);
  Object.assign(issue, {
    state,
    stateReason: closed ? (reason ?? 'completed') : 'reopened',
    closedAt: closed ? now : null,
    closedBy: closed ? actor.login : null,
    updatedAt: now,
  });
  event(closed ? 'closed' : 'reopened');
}
