import { nodeId } from '../json/node-id.ts';
import { repositoryPage, repositoryUrl } from '../json/repository-json.ts';
import { ok, repositoryRoute, type RepositoryCall } from '../server/call.ts';
import { page } from '../server/pages.ts';
import { notFound } from '../server/problem.ts';
import type { Environment, Vault } from '../state.ts';

const needs = { actions: 'read' } as const;

export const environmentRoutes = [
  repositoryRoute('GET /environments', { docs: 'deployments/environments#list-environments', needs }, (call) => {
    const { environments } = call.repository;
    const { items, headers } = page(call, environments);
    return ok(
      { total_count: environments.length, environments: items.map((one) => environmentJson(call, one)) },
      headers,
    );
  }),
  repositoryRoute(
    'GET /environments/{environment_name}',
    { docs: 'deployments/environments#get-an-environment', needs },
    (call) => ok(environmentJson(call, environmentOf(call))),
  ),
];

/** Secrets and variables that a path is about: the environment's that it names, or the repository's. */
export function vaultOf(call: RepositoryCall): Vault {
  return call.params['environment_name'] === undefined ? call.repository.vault : environmentOf(call).vault;
}

function environmentOf({ repository, params }: RepositoryCall): Environment {
  const found = repository.environments.find((one) => one.name === params['environment_name']);
  if (found === undefined) throw notFound();
  return found;
}

function environmentJson({ world, repository }: RepositoryCall, environment: Environment) {
  return {
    id: environment.id,
    node_id: nodeId('EN', environment.id),
    name: environment.name,
    url: `${repositoryUrl(world, repository)}/environments/${encodeURIComponent(environment.name)}`,
    html_url: `${repositoryPage(world, repository)}/deployments/activity_log?environments_filter=${encodeURIComponent(environment.name)}`,
    created_at: environment.createdAt,
    updated_at: environment.createdAt,
    can_admins_bypass: true,
    protection_rules: [],
    deployment_branch_policy: null,
  };
}
