import type { Account, Permissions, Repository, Role } from '../state.ts';
import { findRepository, type World } from '../world.ts';
import type { Identity, Needs, RepositoryRoute } from './call.ts';
import { notFound, Problem } from './problem.ts';

const roles: readonly Role[] = ['read', 'triage', 'write', 'maintain', 'admin'];
const levels = ['read', 'write', 'admin'];
/** What anybody may read of a public repository. */
const publicPermissions = ['metadata', 'contents', 'pull_requests', 'issues', 'checks', 'statuses', 'actions'];

/** The role of a person in a repository; the owner administrates, everybody reads what is public. */
export function roleOf(repository: Repository, account: Account): Role | undefined {
  if (account.login === repository.owner) return 'admin';
  return repository.roles[account.login] ?? (repository.private ? undefined : 'read');
}

/** Has at least this role? */
export function atLeast(role: Role | undefined, wanted: Role): boolean {
  return role !== undefined && roles.indexOf(role) >= roles.indexOf(wanted);
}

/** Do these permissions hold one of the sets that are needed? */
export function holds(permissions: Permissions, needs: Needs): boolean {
  return needs.some((set) =>
    Object.entries(set).every(([name, level]) => levels.indexOf(permissions[name] ?? '') >= levels.indexOf(level)),
  );
}

/** The repository of a request, if the identity may see it: 404 hides what it may not. */
export function visibleRepository(world: World, identity: Identity, owner: string, name: string): Repository {
  const repository = findRepository(world, owner, name);
  if (repository === undefined || !sees(identity, repository)) throw notFound();
  return repository;
}

/** Does a token of this installation, or of this person, reach this repository? */
function sees(identity: Identity, repository: Repository): boolean {
  if (!repository.private) return true;
  switch (identity.kind) {
    case 'none':
    case 'app':
      return false;
    case 'installation':
      return reaches(identity, repository);
    case 'person':
      return roleOf(repository, identity.account) !== undefined && isSelected(identity, repository);
  }
}

/** Is the repository one of those that the installation token was made for? */
export function reaches(
  { installation, repositories }: Extract<Identity, { kind: 'installation' }>,
  repository: Repository,
): boolean {
  const installed =
    installation.owner === repository.owner &&
    (installation.repositories === 'all' || installation.repositories.includes(repository.name));
  return installed && (repositories === null || repositories.includes(repository.id));
}

function isSelected({ repositories }: Extract<Identity, { kind: 'person' }>, repository: Repository): boolean {
  return repositories === null || repositories.includes(`${repository.owner}/${repository.name}`);
}

/** `contents=write; issues=read,…` as in the header x-accepted-github-permissions. */
export function writtenNeeds(needs: Needs): string {
  return needs
    .map((set) =>
      Object.entries(set)
        .map(([name, level]) => `${name}=${level}`)
        .join(','),
    )
    .join('; ');
}

/** Throws what GitHub answers when the identity may not call this route on this repository. */
export function checkAccess(identity: Identity, route: RepositoryRoute, repository: Repository): void {
  const reading = route.method === 'GET';
  const open =
    reading &&
    !repository.private &&
    route.needs.some((set) => Object.keys(set).every((name) => publicPermissions.includes(name)));
  switch (identity.kind) {
    case 'none':
      if (!open) throw new Problem(401, 'Requires authentication');
      return;
    case 'app':
      throw new Problem(401, 'A JSON web token could not be decoded', {
        documentation: 'https://docs.github.com/rest',
      });
    case 'installation':
      if (!open && (!reaches(identity, repository) || !holds(identity.permissions, route.needs))) {
        throw inaccessible(identity, route.needs);
      }
      break;
    case 'person': {
      const wanted = route.role ?? (reading ? 'read' : 'write');
      const allowed = atLeast(roleOf(repository, identity.account), wanted);
      const { permissions } = identity;
      if (permissions !== null) {
        if (!open && !(allowed && isSelected(identity, repository) && holds(permissions, route.needs))) {
          throw inaccessible(identity, route.needs);
        }
      } else if (!allowed) {
        throw wanted === 'admin' ? new Problem(403, 'Must have admin rights to Repository.') : notFound();
      }
    }
  }
  if (repository.archived && !reading) throw new Problem(403, 'Repository was archived so is read-only.');
}

/** Throws when an app or a fine-grained token holds none of these, on a private repository or to write. */
export function checkEither(identity: Identity, repository: Repository, needs: Needs): void {
  if (identity.kind !== 'installation' && identity.kind !== 'person') return;
  const reading = needs.every((set) => Object.values(set).every((level) => level === 'read'));
  if (identity.permissions === null || (reading && !repository.private)) return;
  if (holds(identity.permissions, needs)) return;
  throw inaccessible(identity, needs);
}

/** 403 for an app or a fine-grained token that lacks a permission, naming what would do. */
export function inaccessible({ kind }: Identity, needs: Needs): Problem {
  const who = kind === 'installation' ? 'integration' : 'personal access token';
  const headers = { 'x-accepted-github-permissions': writtenNeeds(needs) };
  return new Problem(403, `Resource not accessible by ${who}`, { headers });
}
