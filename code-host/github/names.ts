import { GraftError } from '../../contract/errors.ts';

// Logins of managed users carry an underscore.
const ownerShape = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const nameShape = /^[A-Za-z0-9._-]{1,100}$/;

/** Owner and name of `owner/name`; throws `invalid_request` for what is none by GitHub's rules. */
export function repositoryAt(repository: string): { owner: string; repo: string } {
  const [owner = '', repo = '', ...more] = repository.split('/');
  if (ownerShape.test(owner) && nameShape.test(repo) && !/^\.{1,2}$/.test(repo) && more.length === 0) {
    return { owner, repo };
  }
  throw new GraftError('invalid_request', `${JSON.stringify(repository.slice(0, 150))} is no repository of GitHub.`, {
    fields: [{ field: 'repository', fix: 'Give it as owner/name, as its address at GitHub has it.' }],
  });
}

/** What GitHub's settings call the permissions that its API names with words like `pull_requests`. */
const shownPermissions: Readonly<Record<string, string>> = {
  actions: 'Actions',
  actions_variables: 'Variables',
  administration: 'Administration',
  checks: 'Checks',
  contents: 'Contents',
  environments: 'Environments',
  issues: 'Issues',
  metadata: 'Metadata',
  pull_requests: 'Pull requests',
  secrets: 'Secrets',
  statuses: 'Commit statuses',
  workflows: 'Workflows',
};

/** A permission as GitHub's settings show it: `Pull requests: Read and write`. */
export function shownPermission(name: string, level: string): string {
  return `${shownPermissions[name] ?? name}: ${level === 'read' ? 'Read-only' : 'Read and write'}`;
}
