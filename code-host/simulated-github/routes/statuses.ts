import { emit } from '../events.ts';
import { typeOf } from '../git/objects.ts';
import { simpleStatusJson, statusJson } from '../json/check-json.ts';
import { minimalRepositoryJson, repositoryUrl } from '../json/repository-json.ts';
import { actorOf } from '../server/actor.ts';
import { nullableText, optionalText, text } from '../server/body.ts';
import { created, ok, repositoryRoute, type RepositoryCall, type Reply } from '../server/call.ts';
import { page } from '../server/pages.ts';
import { Problem, validationFailed } from '../server/problem.ts';
import type { CommitStatus } from '../state.ts';
import { newId, timeOf } from '../world.ts';
import { commitOfPath } from './commits.ts';

const states = ['error', 'failure', 'pending', 'success'];
const read = { statuses: 'read' } as const;

export const statusRoutes = [
  repositoryRoute(
    'POST /statuses/{sha}',
    { docs: 'commits/statuses#create-a-commit-status', needs: { statuses: 'write' } },
    createStatus,
  ),
  repositoryRoute(
    'GET /commits/{ref}/status',
    { docs: 'commits/statuses#get-the-combined-status-for-a-specific-reference', needs: read },
    getCombined,
  ),
  repositoryRoute(
    'GET /commits/{ref}/statuses',
    { docs: 'commits/statuses#list-commit-statuses-for-a-reference', needs: read },
    listStatuses,
  ),
];

async function createStatus(call: RepositoryCall): Promise<Reply> {
  const { world, repository, folder, body, identity } = call;
  const sha = call.params['sha'] ?? '';
  const state = text(body, 'state');
  const description = nullableText(body, 'description') ?? null;
  const wrong = (field: string, message: string) =>
    validationFailed({ resource: 'Status', code: 'custom', field, message });
  if (!states.includes(state)) throw wrong('state', 'state is not included in the list');
  if ((description ?? '').length > 140) {
    throw wrong('description', 'description is too long (maximum is 140 characters)');
  }
  if ((await typeOf(folder, sha)) !== 'commit') throw new Problem(422, `No commit found for SHA: ${sha}`);
  const actor = actorOf(identity);
  const status: CommitStatus = {
    id: newId(world),
    sha,
    state,
    context: optionalText(body, 'context') ?? 'default',
    description,
    targetUrl: nullableText(body, 'target_url') ?? null,
    login: actor.login,
    createdAt: timeOf(world),
  };
  repository.statuses.push(status);
  const json = statusJson(world, repository, status);
  emit(world, repository, 'status', null, { ...json, sha, name: `${repository.owner}/${repository.name}` }, actor);
  return created(json);
}

async function listStatuses(call: RepositoryCall): Promise<Reply> {
  const { world, repository } = call;
  const { items, headers } = page(call, await statusesOf(call));
  return ok(
    items.map((status) => statusJson(world, repository, status)),
    headers,
  );
}

async function getCombined(call: RepositoryCall): Promise<Reply> {
  const { world, repository } = call;
  const sha = await commitOfPath(call, call.params['ref'] ?? '');
  // Newest first, so that the first of each context is the one that counts.
  const latest = new Map<string, CommitStatus>();
  for (const status of await statusesOf(call)) if (!latest.has(status.context)) latest.set(status.context, status);
  const shown = [...latest.values()];
  const { items, headers } = page(call, shown);
  const has = (...states: string[]) => shown.some((status) => states.includes(status.state));
  return ok(
    {
      state: has('error', 'failure') ? 'failure' : shown.length === 0 || has('pending') ? 'pending' : 'success',
      statuses: items.map((status) => simpleStatusJson(world, repository, status)),
      sha,
      total_count: shown.length,
      repository: minimalRepositoryJson(world, repository),
      commit_url: `${repositoryUrl(world, repository)}/commits/${sha}`,
      url: `${repositoryUrl(world, repository)}/commits/${sha}/status`,
    },
    headers,
  );
}

async function statusesOf(call: RepositoryCall): Promise<CommitStatus[]> {
  const sha = await commitOfPath(call, call.params['ref'] ?? '');
  return call.repository.statuses.filter((status) => status.sha === sha).reverse();
}
