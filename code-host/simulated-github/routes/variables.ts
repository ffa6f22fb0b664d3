import { optionalText, text } from '../server/body.ts';
import {
  noContent,
  ok,
  repositoryRoute,
  type RepositoryCall,
  type RepositoryRoute,
  type Reply,
} from '../server/call.ts';
import { page } from '../server/pages.ts';
import { notFound, Problem } from '../server/problem.ts';
import type { Sealed } from '../state.ts';
import { timeOf } from '../world.ts';
import { vaultOf } from './environments.ts';
import { checkName } from './value-names.ts';

const largest = 48 * 1024;

export const variableRoutes = [
  ...routesBelow('/actions/variables', 'actions_variables', 'a-repository', 'repository'),
  ...routesBelow('/environments/{environment_name}/variables', 'environments', 'an-environment', 'environment'),
];

function routesBelow(path: string, permission: string, one: string, many: string): RepositoryRoute[] {
  const read = { [permission]: 'read' } as const;
  const write = { [permission]: 'write' } as const;
  const docs = (anchor: string) => `actions/variables#${anchor}`;
  return [
    repositoryRoute(`GET ${path}`, { docs: docs(`list-${many}-variables`), needs: read, role: 'write' }, listVariables),
    repositoryRoute(`POST ${path}`, { docs: docs(`create-${one}-variable`), needs: write }, createVariable),
    repositoryRoute(
      `GET ${path}/{name}`,
      { docs: docs(`get-${one}-variable`), needs: read, role: 'write' },
      getVariable,
    ),
    repositoryRoute(`PATCH ${path}/{name}`, { docs: docs(`update-${one}-variable`), needs: write }, updateVariable),
    repositoryRoute(`DELETE ${path}/{name}`, { docs: docs(`delete-${one}-variable`), needs: write }, deleteVariable),
  ];
}

function listVariables(call: RepositoryCall): Reply {
  const variables = Object.entries(vaultOf(call).variables).sort(([one], [other]) => one.localeCompare(other));
  // Ten a page, and at most thirty, unlike nearly all other lists.
  const size = Math.min(Number(call.query.get('per_page') ?? 10), 30);
  const query = new URLSearchParams(call.query);
  query.set('per_page', String(size));
  const { items, headers } = page({ ...call, query }, variables);
  return ok(
    { total_count: variables.length, variables: items.map(([name, variable]) => variableJson(name, variable)) },
    headers,
  );
}

function getVariable(call: RepositoryCall): Reply {
  const name = nameOf(call);
  const variable = vaultOf(call).variables[name];
  if (variable === undefined) throw notFound();
  return ok(variableJson(name, variable));
}

function createVariable(call: RepositoryCall): Reply {
  const { world, body } = call;
  const { variables } = vaultOf(call);
  const name = text(body, 'name').toUpperCase();
  const value = text(body, 'value');
  check(name, value);
  if (variables[name] !== undefined) throw new Problem(409, 'Already exists - Variable already exists');
  const now = timeOf(world);
  variables[name] = { value, createdAt: now, updatedAt: now };
  return { status: 201, body: {} };
}

function updateVariable(call: RepositoryCall): Reply {
  const { world, body } = call;
  const { variables } = vaultOf(call);
  const name = nameOf(call);
  const known = variables[name];
  if (known === undefined) throw notFound();
  const renamed = optionalText(body, 'name')?.toUpperCase() ?? name;
  const value = optionalText(body, 'value') ?? known.value;
  check(renamed, value);
  if (renamed !== name && variables[renamed] !== undefined) {
    throw new Problem(409, 'Already exists - Variable already exists');
  }
  delete variables[name];
  variables[renamed] = { ...known, value, updatedAt: timeOf(world) };
  return noContent;
}

function deleteVariable(call: RepositoryCall): Reply {
  const { variables } = vaultOf(call);
  const name = nameOf(call);
  if (variables[name] === undefined) throw notFound();
  delete variables[name];
  return noContent;
}

function check(name: string, value: string): void {
  checkName('Variable', name);
  if (Buffer.byteLength(value) > largest) throw new Problem(422, 'Variable value is too large (maximum is 48 KB)');
}

const nameOf = (call: RepositoryCall) => (call.params['name'] ?? '').toUpperCase();

const variableJson = (name: string, { value, createdAt, updatedAt }: Sealed) => ({
  name,
  value,
  created_at: createdAt,
  updated_at: updatedAt,
});
