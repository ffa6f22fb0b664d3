import { randomBytes } from 'node:crypto';
import { appJson, installationJson } from '../json/app-json.ts';
import { permissionsOf, repositoryJson } from '../json/repository-json.ts';
import { publicUserJson } from '../json/user-json.ts';
import { holds, reaches } from '../server/access.ts';
import { list, object, texts } from '../server/body.ts';
import { created, ok, plainRoute, type Call, type Identity, type Reply } from '../server/call.ts';
import { page } from '../server/pages.ts';
import { notFound, Problem } from '../server/problem.ts';
import type { Installation, Level, Permissions, Repository } from '../state.ts';
import { findRepository } from '../world.ts';

const tokenMilliseconds = 3_600_000;

export const identityRoutes = [
  plainRoute('GET /app', 'apps/apps#get-the-authenticated-app', ({ world, identity }) =>
    ok(appJson(world, appOnly(identity))),
  ),
  plainRoute(
    'GET /app/installations/{installation_id}',
    'apps/apps#get-an-installation-for-the-authenticated-app',
    (call) => ok(installationJson(call.world, installationOf(call))),
  ),
  plainRoute(
    'GET /repos/{owner}/{repo}/installation',
    'apps/apps#get-a-repository-installation-for-the-authenticated-app',
    getRepositoryInstallation,
  ),
  plainRoute(
    'GET /users/{username}/installation',
    'apps/apps#get-a-user-installation-for-the-authenticated-app',
    getUserInstallation,
  ),
  plainRoute(
    'POST /app/installations/{installation_id}/access_tokens',
    'apps/apps#create-an-installation-access-token-for-an-app',
    createToken,
  ),
  plainRoute(
    'GET /installation/repositories',
    'apps/installations#list-repositories-accessible-to-the-app-installation',
    listRepositories,
  ),
  plainRoute('GET /user', 'users/users#get-the-authenticated-user', ({ world, identity }) => {
    if (identity.kind === 'none') throw new Problem(401, 'Requires authentication');
    if (identity.kind === 'person') return ok(publicUserJson(world, identity.account));
    throw new Problem(403, 'Resource not accessible by integration');
  }),
];

function appOnly(identity: Identity) {
  if (identity.kind === 'app') return identity.app;
  const documentation = 'https://docs.github.com/rest';
  throw new Problem(401, 'A JSON web token could not be decoded', { documentation });
}

function installationOf({ world, identity, params }: Call): Installation {
  const app = appOnly(identity);
  const id = Number(params['installation_id']);
  const found = world.state.installations.find((one) => one.id === id && one.app === app.id);
  if (found === undefined) throw notFound();
  return found;
}

function getRepositoryInstallation({ world, identity, params }: Call): Reply {
  const app = appOnly(identity);
  const repository = findRepository(world, params['owner'] ?? '', params['repo'] ?? '');
  const installation = world.state.installations.find(
    (one) => one.app === app.id && repository !== undefined && includes(one, repository),
  );
  if (installation === undefined) throw notFound();
  return ok(installationJson(world, installation));
}

function getUserInstallation({ world, identity, params }: Call): Reply {
  const app = appOnly(identity);
  const installation = world.state.installations.find(
    (one) => one.app === app.id && one.owner.toLowerCase() === params['username']?.toLowerCase(),
  );
  if (installation === undefined) throw notFound();
  return ok(installationJson(world, installation));
}

function createToken(call: Call): Reply {
  const { world, body, identity } = call;
  const app = appOnly(identity);
  const installation = installationOf(call);
  if (installation.suspendedAt !== null) throw new Problem(403, 'This installation has been suspended');
  const granted: Permissions = { ...app.permissions, metadata: 'read' };
  const wanted = object(body, 'permissions') as Permissions | undefined;
  if (wanted !== undefined && !Object.entries(wanted).every(([name, level]) => covered(granted, name, level))) {
    throw new Problem(422, 'The permissions requested are not granted to this installation.');
  }
  const permissions = wanted === undefined ? granted : { ...wanted, metadata: 'read' as Level };
  const repositories = wantedRepositories(call, installation);
  const token = ['ghs', randomBytes(18).toString('hex')].join('_');
  const expiresAt = new Date(world.now().getTime() + tokenMilliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
  world.state.tokens.push({
    kind: 'installation',
    token,
    installation: installation.id,
    permissions,
    repositories: repositories?.map((one) => one.id) ?? null,
    expiresAt,
  });
  const selected = repositories !== undefined || installation.repositories !== 'all';
  return created({
    token,
    expires_at: expiresAt,
    permissions,
    repository_selection: selected ? 'selected' : 'all',
    ...(repositories && { repositories: repositories.map((one) => repositoryJson(world, one)) }),
  });
}

function covered(granted: Permissions, name: string, level: Level): boolean {
  return holds(granted, [{ [name]: level }]);
}

function wantedRepositories({ world, body }: Call, installation: Installation): Repository[] | undefined {
  const names = texts(body, 'repositories');
  const ids = list(body, 'repository_ids');
  if (names === undefined && ids === undefined) return undefined;
  const found = world.state.repositories.filter(
    (one) => includes(installation, one) && (names?.includes(one.name) || ids?.includes(one.id)),
  );
  if (found.length < new Set([...(names ?? []), ...(ids ?? [])]).size) {
    throw new Problem(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  }
  return found;
}

function listRepositories(call: Call): Reply {
  const { world, identity } = call;
  if (identity.kind === 'none') throw new Problem(401, 'Requires authentication');
  if (identity.kind !== 'installation') {
    throw new Problem(
      403,
      'You must authenticate with an installation access token in order to list repositories for an installation.',
    );
  }
  const reached = world.state.repositories.filter((one) => reaches(identity, one));
  const { items, headers } = page(call, reached);
  const selected = identity.installation.repositories !== 'all' || identity.repositories !== null;
  return ok(
    {
      total_count: reached.length,
      repository_selection: selected ? 'selected' : 'all',
      repositories: items.map((one) => ({ ...repositoryJson(world, one), permissions: permissionsOf(one, identity) })),
    },
    headers,
  );
}

function includes(installation: Installation, repository: Repository): boolean {
  return (
    installation.owner === repository.owner &&
    (installation.repositories === 'all' || installation.repositories.includes(repository.name))
  );
}
