import { addComment, deleteComment, editComment } from '../issues/comment.ts';
import { commentJson, reactionContents, reactionJson } from '../json/issue-json.ts';
import { atLeast, roleOf } from '../server/access.ts';
import { actorOf, appIdOf } from '../server/actor.ts';
import { text } from '../server/body.ts';
import { created, noContent, ok, repositoryRoute, type RepositoryCall, type Reply } from '../server/call.ts';
import { page } from '../server/pages.ts';
import { notFound, Problem, validationFailed } from '../server/problem.ts';
import type { Comment } from '../state.ts';
import { newId, timeOf } from '../world.ts';
import { checkKind, issueOf, readsIssues, writesIssues } from './issues.ts';

export const commentRoutes = [
  repositoryRoute(
    'GET /issues/{issue_number}/comments',
    { docs: 'issues/comments#list-issue-comments', needs: readsIssues },
    listComments,
  ),
  repositoryRoute(
    'POST /issues/{issue_number}/comments',
    { docs: 'issues/comments#create-an-issue-comment', needs: writesIssues, role: 'read' },
    createComment,
  ),
  repositoryRoute(
    'GET /issues/comments/{comment_id}',
    { docs: 'issues/comments#get-an-issue-comment', needs: readsIssues },
    (call) => ok(commentJson(call.world, call.repository, commentOf(call))),
  ),
  repositoryRoute(
    'PATCH /issues/comments/{comment_id}',
    { docs: 'issues/comments#update-an-issue-comment', needs: writesIssues, role: 'read' },
    updateComment,
  ),
  repositoryRoute(
    'DELETE /issues/comments/{comment_id}',
    { docs: 'issues/comments#delete-an-issue-comment', needs: writesIssues, role: 'read' },
    removeComment,
  ),
  repositoryRoute(
    'POST /issues/comments/{comment_id}/reactions',
    { docs: 'reactions/reactions#create-reaction-for-an-issue-comment', needs: writesIssues, role: 'read' },
    createReaction,
  ),
];

function listComments(call: RepositoryCall): Reply {
  const { world, repository, query } = call;
  const issue = issueOf(call, readsIssues);
  const since = Date.parse(query.get('since') ?? '');
  const found = repository.comments
    .filter((comment) => comment.number === issue.number)
    .filter((comment) => Number.isNaN(since) || Date.parse(comment.updatedAt) >= since);
  const { items, headers } = page(call, found);
  return ok(
    items.map((comment) => commentJson(world, repository, comment)),
    headers,
  );
}

function createComment(call: RepositoryCall): Reply {
  const { world, repository, body, identity } = call;
  const issue = issueOf(call, writesIssues);
  const wish = { body: text(body, 'body'), actor: actorOf(identity), app: appIdOf(identity) };
  return created(commentJson(world, repository, addComment(world, repository, issue, wish)));
}

function updateComment(call: RepositoryCall): Reply {
  const { world, repository, body } = call;
  const comment = ownComment(call);
  editComment(world, repository, comment, text(body, 'body'), actorOf(call.identity));
  return ok(commentJson(world, repository, comment));
}

function removeComment(call: RepositoryCall): Reply {
  deleteComment(call.world, call.repository, ownComment(call), actorOf(call.identity));
  return noContent;
}

function createReaction(call: RepositoryCall): Reply {
  const { world, body, identity } = call;
  const comment = commentOf(call);
  const content = text(body, 'content');
  if (!reactionContents.some((known) => known === content)) {
    throw validationFailed({
      resource: 'Reaction',
      code: 'custom',
      field: 'content',
      message: 'content is not included in the list',
    });
  }
  const { login } = actorOf(identity);
  const known = comment.reactions.find((one) => one.login === login && one.content === content);
  if (known) return ok(reactionJson(world, known));
  const reaction = { id: newId(world), login, content, createdAt: timeOf(world) };
  comment.reactions.push(reaction);
  return { status: 201, body: reactionJson(world, reaction) };
}

function commentOf(call: RepositoryCall): Comment {
  const { repository, params } = call;
  const comment = repository.comments.find((one) => one.id === Number(params['comment_id']));
  const issue = repository.issues.find((one) => one.number === comment?.number);
  if (comment === undefined || issue === undefined) throw notFound();
  return comment;
}

/** The comment, if the caller wrote it or may write to the repository. */
function ownComment(call: RepositoryCall): Comment {
  const comment = commentOf(call);
  const issue = call.repository.issues.find((one) => one.number === comment.number);
  if (issue) checkKind(call, issue, writesIssues);
  const { identity, repository } = call;
  const actor = actorOf(identity);
  const may =
    comment.login === actor.login || identity.kind === 'installation' || atLeast(roleOf(repository, actor), 'write');
  if (!may) throw new Problem(403, 'Must have admin rights to Repository.');
  return comment;
}
