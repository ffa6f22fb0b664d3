import { roleOf } from '../server/access.ts';
import type { Comment, Issue, Label, Reaction, Repository } from '../state.ts';
import { accountOf, appOf, type World } from '../world.ts';
import { appJson } from './app-json.ts';
import { nodeId } from './node-id.ts';
import { repositoryPage, repositoryUrl } from './repository-json.ts';
import { userJson } from './user-json.ts';

const contents = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const;

/** A `label`. */
export function labelJson(world: World, repository: Repository, label: Label) {
  return {
    id: label.id,
    node_id: nodeId('LA', label.id),
    url: `${repositoryUrl(world, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

/** The labels of an issue or pull request. */
export function labelsJson(world: World, repository: Repository, issue: Issue) {
  return issue.labels.flatMap((name) => {
    const label = repository.labels.find((one) => one.name === name);
    return label ? [labelJson(world, repository, label)] : [];
  });
}

/** How somebody stands to a repository. */
export function associationOf(world: World, repository: Repository, login: string): string {
  if (login === repository.owner) return 'OWNER';
  const account = accountOf(world, login);
  if (account.type === 'Bot') return 'NONE';
  return roleOf({ ...repository, private: true }, account) === undefined ? 'NONE' : 'COLLABORATOR';
}

/** An `issue`, which a pull request is too. */
export function issueJson(world: World, repository: Repository, issue: Issue) {
  const url = `${repositoryUrl(world, repository)}/issues/${issue.number}`;
  const page = repositoryPage(world, repository);
  const pulls = `${repositoryUrl(world, repository)}/pulls/${issue.number}`;
  return {
    url,
    repository_url: repositoryUrl(world, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: `${page}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`,
    id: issue.id,
    node_id: issue.pull ? nodeId('PR', issue.pull.id) : nodeId('I', issue.id),
    number: issue.number,
    title: issue.title,
    user: userJson(world, accountOf(world, issue.login)),
    labels: labelsJson(world, repository, issue),
    state: issue.state,
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: repository.comments.filter((comment) => comment.number === issue.number).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: associationOf(world, repository, issue.login),
    active_lock_reason: null,
    ...(issue.pull && {
      draft: issue.pull.draft,
      pull_request: {
        url: pulls,
        html_url: `${page}/pull/${issue.number}`,
        diff_url: `${page}/pull/${issue.number}.diff`,
        patch_url: `${page}/pull/${issue.number}.patch`,
        merged_at: issue.pull.mergedAt,
      },
    }),
    body: issue.body,
    closed_by: issue.closedBy === null ? null : userJson(world, accountOf(world, issue.closedBy)),
    reactions: rollup(url, []),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: issue.app === null ? null : appJson(world, appOf(world, issue.app)),
    state_reason: issue.stateReason,
  };
}

/** An `issue-comment`. */
export function commentJson(world: World, repository: Repository, comment: Comment) {
  const url = `${repositoryUrl(world, repository)}/issues/comments/${comment.id}`;
  const pull = repository.issues.find((issue) => issue.number === comment.number)?.pull;
  const page = `${repositoryPage(world, repository)}/${pull ? 'pull' : 'issues'}/${comment.number}`;
  return {
    url,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(world, repository)}/issues/${comment.number}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: userJson(world, accountOf(world, comment.login)),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    body: comment.body,
    author_association: associationOf(world, repository, comment.login),
    reactions: rollup(url, comment.reactions),
    performed_via_github_app: comment.app === null ? null : appJson(world, appOf(world, comment.app)),
  };
}

/** A `reaction`. */
export function reactionJson(world: World, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: nodeId('REA', reaction.id),
    user: userJson(world, accountOf(world, reaction.login)),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

function rollup(url: string, reactions: readonly Reaction[]) {
  const count = (content: string) => reactions.filter((reaction) => reaction.content === content).length;
  return {
    url: `${url}/reactions`,
    total_count: reactions.length,
    '+1': count('+1'),
    '-1': count('-1'),
    laugh: count('laugh'),
    confused: count('confused'),
    heart: count('heart'),
    hooray: count('hooray'),
    rocket: count('rocket'),
    eyes: count('eyes'),
  };
}

/** The reactions that there are. */
export const reactionContents = contents;
