import { listCommits, mergeBase } from '../git/commits.ts';
import { diffFiles } from '../git/diff.ts';
import type { Issue, Pull, Repository } from '../state.ts';
import { accountOf, folderOf, type World } from '../world.ts';
import { associationOf, labelsJson } from './issue-json.ts';
import { nodeId } from './node-id.ts';
import { repositoryJson, repositoryPage, repositoryUrl } from './repository-json.ts';
import { userJson } from './user-json.ts';

export type PullIssue = Issue & { pull: Pull };

/** What `mergeable` and `mergeable_state` say: null and `unknown` until somebody has looked. */
export interface Mergeability {
  mergeable: boolean | null;
  state: string;
}

/** A `pull-request-simple`, as lists have it. */
export function simplePullJson(world: World, repository: Repository, issue: PullIssue) {
  const { pull } = issue;
  const api = repositoryUrl(world, repository);
  const url = `${api}/pulls/${issue.number}`;
  const page = `${repositoryPage(world, repository)}/pull/${issue.number}`;
  const owner = accountOf(world, repository.owner);
  const side = ({ ref, sha }: { ref: string; sha: string }) => ({
    label: `${repository.owner}:${ref}`,
    ref,
    sha,
    user: userJson(world, owner),
    repo: repositoryJson(world, repository),
  });
  const link = (href: string) => ({ href });
  const issueUrl = `${api}/issues/${issue.number}`;
  const statuses = `${api}/statuses/${pull.head.sha}`;
  return {
    url,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl,
    number: issue.number,
    state: issue.state,
    locked: false,
    title: issue.title,
    user: userJson(world, accountOf(world, issue.login)),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommit ?? pull.checked?.commit ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    // The description of GitHub's API knows no label without one here.
    labels: labelsJson(world, repository, issue).map((label) => ({ ...label, description: label.description ?? '' })),
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    head: side(pull.head),
    base: side(pull.base),
    _links: {
      self: link(url),
      html: link(page),
      issue: link(issueUrl),
      comments: link(`${issueUrl}/comments`),
      review_comments: link(`${url}/comments`),
      review_comment: link(`${api}/pulls/comments{/number}`),
      commits: link(`${url}/commits`),
      statuses: link(statuses),
    },
    author_association: associationOf(world, repository, issue.login),
    auto_merge:
      pull.autoMerge === null
        ? null
        : {
            enabled_by: userJson(world, accountOf(world, pull.autoMerge.login)),
            merge_method: pull.autoMerge.method,
            commit_title: `${issue.title} (#${issue.number})`,
            commit_message: '',
          },
    active_lock_reason: null,
  };
}

/** A `pull-request`, with the numbers that cost a look into the repository. */
export async function pullJson(
  world: World,
  repository: Repository,
  issue: PullIssue,
  { mergeable, state }: Mergeability,
) {
  const { pull } = issue;
  const { commits, files } = await changesOf(world, repository, issue);
  return {
    ...simplePullJson(world, repository, issue),
    merged: pull.mergedAt !== null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: state,
    merged_by: pull.mergedBy === null ? null : userJson(world, accountOf(world, pull.mergedBy)),
    comments: repository.comments.filter((comment) => comment.number === issue.number).length,
    review_comments: 0,
    maintainer_can_modify: pull.maintainerCanModify,
    commits: commits.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

/** Commits of a pull request, oldest first, and the files that they change against where they left the base. */
export async function changesOf(world: World, repository: Repository, { pull }: PullIssue) {
  const folder = folderOf(world, repository);
  const tip = repository.refs[`refs/heads/${pull.base.ref}`];
  const base = pull.mergedOnto ?? (pull.mergedAt === null ? tip : undefined) ?? pull.base.sha;
  const commits = await listCommits(folder, ['--reverse', '--topo-order', pull.head.sha, `^${base}`]);
  const from = (await mergeBase(folder, base, pull.head.sha)) ?? null;
  return { commits, files: await diffFiles(folder, from, pull.head.sha) };
}
