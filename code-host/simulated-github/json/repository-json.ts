import { atLeast, holds, reaches, roleOf } from '../server/access.ts';
import type { Identity } from '../server/call.ts';
import type { Repository } from '../state.ts';
import { accountOf, type World } from '../world.ts';
import { nodeId } from './node-id.ts';
import { userJson } from './user-json.ts';

/** The address of a repository in the API. */
export function repositoryUrl(world: World, repository: Repository): string {
  return `${world.origin}/repos/${repository.owner}/${repository.name}`;
}

/** The address of a repository for people. */
export function repositoryPage(world: World, repository: Repository): string {
  return `${world.origin}/${repository.owner}/${repository.name}`;
}

/** A `minimal-repository`: mostly addresses. */
export function minimalRepositoryJson(world: World, repository: Repository) {
  const url = repositoryUrl(world, repository);
  const page = repositoryPage(world, repository);
  const below = (rest: string) => `${url}/${rest}`;
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: `${repository.owner}/${repository.name}`,
    private: repository.private,
    owner: userJson(world, accountOf(world, repository.owner)),
    html_url: page,
    description: null,
    fork: false,
    url,
    forks_url: below('forks'),
    keys_url: below('keys{/key_id}'),
    collaborators_url: below('collaborators{/collaborator}'),
    teams_url: below('teams'),
    hooks_url: below('hooks'),
    issue_events_url: below('issues/events{/number}'),
    events_url: below('events'),
    assignees_url: below('assignees{/user}'),
    branches_url: below('branches{/branch}'),
    tags_url: below('tags'),
    blobs_url: below('git/blobs{/sha}'),
    git_tags_url: below('git/tags{/sha}'),
    git_refs_url: below('git/refs{/sha}'),
    trees_url: below('git/trees{/sha}'),
    statuses_url: below('statuses/{sha}'),
    languages_url: below('languages'),
    stargazers_url: below('stargazers'),
    contributors_url: below('contributors'),
    subscribers_url: below('subscribers'),
    subscription_url: below('subscription'),
    commits_url: below('commits{/sha}'),
    git_commits_url: below('git/commits{/sha}'),
    comments_url: below('comments{/number}'),
    issue_comment_url: below('issues/comments{/number}'),
    contents_url: below('contents/{+path}'),
    compare_url: below('compare/{base}...{head}'),
    merges_url: below('merges'),
    archive_url: below('{archive_format}{/ref}'),
    downloads_url: below('downloads'),
    issues_url: below('issues{/number}'),
    pulls_url: below('pulls{/number}'),
    milestones_url: below('milestones{/number}'),
    notifications_url: below('notifications{?since,all,participating}'),
    labels_url: below('labels{/name}'),
    releases_url: below('releases{/id}'),
    deployments_url: below('deployments'),
  };
}

/** A `repository`, as it is inside pull requests and webhooks. */
export function repositoryJson(world: World, repository: Repository) {
  const page = repositoryPage(world, repository);
  const openIssues = repository.issues.filter((issue) => issue.state === 'open').length;
  return {
    ...minimalRepositoryJson(world, repository),
    created_at: repository.createdAt,
    updated_at: repository.pushedAt,
    pushed_at: repository.pushedAt,
    git_url: page.replace(/^https?:/, 'git:') + '.git',
    ssh_url: `git@github.com:${repository.owner}/${repository.name}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: repository.archived,
    disabled: false,
    open_issues_count: openIssues,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? 'private' : 'public',
    forks: 0,
    open_issues: openIssues,
    watchers: 0,
    default_branch: repository.defaultBranch,
  };
}

/** A `full-repository`; how merges are allowed is told only to those who may push, as GitHub does. */
export function fullRepositoryJson(world: World, repository: Repository, identity: Identity) {
  const permissions = permissionsOf(repository, identity);
  return {
    ...repositoryJson(world, repository),
    ...(permissions && { permissions }),
    ...(permissions?.push && {
      temp_clone_token: '',
      allow_squash_merge: repository.allow.squash,
      allow_merge_commit: repository.allow.merge,
      allow_rebase_merge: repository.allow.rebase,
      allow_auto_merge: repository.allowAutoMerge,
      delete_branch_on_merge: repository.deleteBranchOnMerge,
      allow_update_branch: false,
      use_squash_pr_title_as_default: false,
      squash_merge_commit_message: 'COMMIT_MESSAGES',
      squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
      merge_commit_message: 'PR_TITLE',
      merge_commit_title: 'MERGE_MESSAGE',
    }),
    network_count: 0,
    subscribers_count: 0,
  };
}

/** What GitHub says the caller may do, undefined for one who did not say who it is. */
export function permissionsOf(repository: Repository, identity: Identity) {
  if (identity.kind === 'none' || identity.kind === 'app') return undefined;
  if (identity.kind === 'installation') {
    // For an app these words say what its contents permission allows.
    const reached = reaches(identity, repository);
    const push = reached && holds(identity.permissions, [{ contents: 'write' }]);
    const admin = reached && holds(identity.permissions, [{ administration: 'write' }]);
    return { admin, maintain: false, push, triage: push, pull: true };
  }
  const role = roleOf(repository, identity.account);
  return {
    admin: atLeast(role, 'admin'),
    maintain: atLeast(role, 'maintain'),
    push: atLeast(role, 'write'),
    triage: atLeast(role, 'triage'),
    pull: atLeast(role, 'read'),
  };
}
