import { emit } from '../events.ts';
import { commentJson, issueJson } from '../json/issue-json.ts';
import { validationFailed } from '../server/problem.ts';
import type { Account, Comment, Issue, Repository } from '../state.ts';
import { newId, timeOf, type World } from '../world.ts';

const longest = 65_536;

/** Adds a comment to an issue or pull request. */
export function addComment(
  world: World,
  repository: Repository,
  issue: Issue,
  { body, actor, app }: { body: string; actor: Account; app: number | null },
): Comment {
  checkBody(body);
  const now = timeOf(world);
  const comment: Comment = {
    id: newId(world),
    number: issue.number,
    login: actor.login,
    body,
    createdAt: now,
    updatedAt: now,
    app,
    reactions: [],
  };
  repository.comments.push(comment);
  issue.updatedAt = now;
  emitComment(world, repository, comment, 'created', actor);
  return comment;
}

/** Changes the text of a comment. */
export function editComment(
  world: World,
  repository: Repository,
  comment: Comment,
  body: string,
  actor: Account,
): void {
  checkBody(body);
  const changes = { body: { from: comment.body } };
  comment.body = body;
  comment.updatedAt = timeOf(world);
  emitComment(world, repository, comment, 'edited', actor, { changes });
}

/** Takes a comment away. */
export function deleteComment(world: World, repository: Repository, comment: Comment, actor: Account): void {
  emitComment(world, repository, comment, 'deleted', actor);
  repository.comments = repository.comments.filter((one) => one !== comment);
}

function emitComment(
  world: World,
  repository: Repository,
  comment: Comment,
  action: string,
  actor: Account,
  more: Record<string, unknown> = {},
): void {
  const issue = repository.issues.find((one) => one.number === comment.number);
  if (issue === undefined) return;
  const payload = {
    issue: issueJson(world, repository, issue),
    comment: commentJson(world, repository, comment),
    ...more,
  };
  emit(world, repository, 'issue_comment', action, payload, actor);
}

function checkBody(body: string): void {
  const wrong = (message: string) =>
    validationFailed({ resource: 'IssueComment', code: 'unprocessable', field: 'data', message });
  if (body.trim() === '') throw wrong("Body can't be blank");
  if (body.length > longest) throw wrong(`Body is too long (maximum is ${longest} characters)`);
}
