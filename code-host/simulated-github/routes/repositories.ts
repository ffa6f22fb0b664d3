import { readCommit } from '../git/commits.ts';
import { commitJson } from '../json/commit-json.ts';
import { fullRepositoryJson, repositoryPage, repositoryUrl } from '../json/repository-json.ts';
import { userJson } from '../json/user-json.ts';
import { roleOf } from '../server/access.ts';
import { ok, repositoryRoute, type RepositoryCall, type Reply } from '../server/call.ts';
import { notFound, Problem } from '../server/problem.ts';
import { findAccount } from '../world.ts';

export const repositoryRoutes = [
  repositoryRoute('GET ', { docs: 'repos/repos#get-a-repository', needs: { metadata: 'read' } }, (call) =>
    ok(fullRepositoryJson(call.world, call.repository, call.identity)),
  ),
  repositoryRoute(
    'GET /branches/{branch}',
    { docs: 'branches/branches#get-a-branch', needs: { contents: 'read' } },
    getBranch,
  ),
  repositoryRoute(
    'GET /collaborators/{username}/permission',
    {
      docs: 'collaborators/collaborators#get-repository-permissions-for-a-user',
      needs: { metadata: 'read' },
      role: 'write',
    },
    getPermission,
  ),
];

async function getBranch({ world, repository, folder, params }: RepositoryCall): Promise<Reply> {
  const name = params['branch'] ?? '';
  const sha = repository.refs[`refs/heads/${name}`];
  if (sha === undefined) throw new Problem(404, 'Branch not found');
  const url = `${repositoryUrl(world, repository)}/branches/${name}`;
  return ok({
    name,
    commit: commitJson(world, repository, await readCommit(folder, sha)),
    _links: { self: url, html: `${repositoryPage(world, repository)}/tree/${name}` },
    protected: false,
    protection: { enabled: false, required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] } },
    protection_url: `${url}/protection`,
  });
}

function getPermission({ world, repository, params }: RepositoryCall): Reply {
  const account = findAccount(world, params['username'] ?? '');
  if (account === undefined) throw notFound();
  const role = roleOf(repository, account);
  const rank = { read: 'read', triage: 'read', write: 'write', maintain: 'write', admin: 'admin' };
  const can = (...roles: string[]) => roles.includes(role ?? 'none');
  return ok({
    permission: role === undefined ? 'none' : rank[role],
    role_name: role ?? 'none',
    user: {
      ...userJson(world, account),
      permissions: {
        admin: can('admin'),
        maintain: can('admin', 'maintain'),
        push: can('admin', 'maintain', 'write'),
        triage: can('admin', 'maintain', 'write', 'triage'),
        pull: role !== undefined,
      },
      role_name: role ?? 'none',
    },
  });
}
