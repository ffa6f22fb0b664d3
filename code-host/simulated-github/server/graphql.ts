import type { IncomingMessage, ServerResponse } from 'node:http';
import { idOfNode, nodeId } from '../json/node-id.ts';
import type { PullIssue } from '../json/pull-json.ts';
import { mergeWaiting } from '../pulls/auto-merge.ts';
import { changeDraft } from '../pulls/change-state.ts';
import { pullsOf } from '../pulls/find.ts';
import type { Repository } from '../state.ts';
import { findRepository, type World } from '../world.ts';
import { atLeast, holds, reaches, roleOf } from './access.ts';
import { actorOf } from './actor.ts';
import { newRequestId, parseBody, readBytes, replyOfError, send } from './answer.ts';
import type { Identity, Json, Reply } from './call.ts';
import { identify, kindOf } from './identify.ts';
import { Problem } from './problem.ts';
import type { RateLimits } from './rate-limit.ts';
import type { LoggedRequest } from './rest.ts';

const docs = 'https://docs.github.com/graphql';
const mutation = /\b(markPullRequestReadyForReview|convertPullRequestToDraft)\s*\(\s*input\s*:\s*(\{[^}]*\}|\$\w+)/;
const lookup = /\brepository\s*\(([^)]*)\)\s*\{\s*pullRequest\s*\(([^)]*)\)/;

/** Errors of GraphQL, which travel with status 200. */
class GraphqlError extends Error {
  readonly type: string | undefined;
  constructor(message: string, type?: string) {
    super(message);
    this.type = type;
  }
}

/** Answers the GraphQL API: the two mutations about drafts, and a pull request by number. */
export function graphqlServer(world: World, limits: RateLimits, log: (line: LoggedRequest) => void) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = newRequestId();
    const headers: Record<string, string> = { 'x-github-request-id': requestId };
    let identity: Identity | undefined;
    let reply: Reply;
    try {
      const bytes = await readBytes(request);
      identity = identify(world, request.headers.authorization);
      if (identity.kind === 'none' || identity.kind === 'app') throw new Problem(401, 'Bad credentials');
      Object.assign(headers, limits.spend(identity, requestId), { 'x-ratelimit-resource': 'graphql' });
      reply = { status: 200, body: await run(world, identity, parseBody(bytes)) };
    } catch (error) {
      reply = replyOfError(error, docs);
    }
    await world.save();
    const status = send(request, response, reply, headers);
    log({ method: 'POST', path: '/graphql', status, token: identity ? kindOf(identity) : 'wrong' });
  };
}

async function run(world: World, identity: Identity, body: Json): Promise<Json> {
  const query = typeof body['query'] === 'string' ? body['query'] : '';
  const variables = (body['variables'] ?? {}) as Json;
  if (query.trim() === '')
    return { errors: [{ message: 'A query attribute must be specified and must be a string.' }] };
  const [, name] = mutation.exec(query) ?? [];
  const field = name ?? 'repository';
  try {
    const data = name ? await mutate(world, identity, query, variables) : find(world, identity, query, variables);
    return { data };
  } catch (error) {
    if (!(error instanceof GraphqlError)) throw error;
    const path = name ? [field] : ['repository', 'pullRequest'];
    const where = error.type ? { type: error.type, path, locations: [{ line: 1, column: 1 }] } : {};
    return { ...(error.type && { data: { [field]: null } }), errors: [{ ...where, message: error.message }] };
  }
}

async function mutate(world: World, identity: Identity, query: string, variables: Json): Promise<Json> {
  const [, name = '', input = ''] = mutation.exec(query) ?? [];
  const id = input.startsWith('$')
    ? (variables[input.slice(1)] as Json | undefined)?.['pullRequestId']
    : argument(input, 'pullRequestId', variables);
  if (typeof id !== 'string') {
    throw new GraphqlError(
      `Variable $input of type ${name[0]?.toUpperCase()}${name.slice(1)}Input! was provided invalid value for pullRequestId (Expected value to not be null)`,
    );
  }
  const wanted = Number(idOfNode('PR', id));
  for (const repository of world.state.repositories) {
    const issue = pullsOf(repository).find((one) => one.pull.id === wanted);
    if (issue === undefined || !sees(identity, repository)) continue;
    checkWrite(identity, repository, issue);
    const draft = name === 'convertPullRequestToDraft';
    if (draft && !repository.drafts) {
      throw new GraphqlError('Draft pull requests are not supported in this repository', 'UNPROCESSABLE');
    }
    if (issue.state === 'closed') throw new GraphqlError('Pull request is closed', 'UNPROCESSABLE');
    await world.exclusive(repository, async () => {
      await changeDraft(world, repository, issue, draft, actorOf(identity));
      await mergeWaiting(world, repository);
    });
    return { [name]: { clientMutationId: null, pullRequest: pullFields(id, issue) } };
  }
  throw new GraphqlError(`Could not resolve to a node with the global id of '${id}'`, 'NOT_FOUND');
}

function find(world: World, identity: Identity, query: string, variables: Json): Json {
  const [, place, pull] = lookup.exec(query) ?? [];
  if (place === undefined || pull === undefined) {
    throw new GraphqlError(
      'The simulated GitHub speaks only the two mutations about drafts and repository.pullRequest.',
    );
  }
  const owner = String(argument(place, 'owner', variables));
  const name = String(argument(place, 'name', variables));
  const number = Number(argument(pull, 'number', variables));
  const repository = findRepository(world, owner, name);
  if (repository === undefined || !sees(identity, repository)) {
    throw new GraphqlError(`Could not resolve to a Repository with the name '${owner}/${name}'.`, 'NOT_FOUND');
  }
  const issue = pullsOf(repository).find((one) => one.number === number);
  if (issue === undefined) {
    throw new GraphqlError(`Could not resolve to a PullRequest with the number of ${number}.`, 'NOT_FOUND');
  }
  return { repository: { pullRequest: pullFields(nodeOf(issue), issue) } };
}

function argument(text: string, name: string, variables: Json): unknown {
  const [, value] = new RegExp(`\\b${name}\\s*:\\s*("[^"]*"|\\$\\w+|\\d+)`).exec(text) ?? [];
  if (value === undefined) return undefined;
  return value.startsWith('$') ? variables[value.slice(1)] : (JSON.parse(value) as unknown);
}

function pullFields(id: string, issue: PullIssue): Json {
  const { pull } = issue;
  return {
    id,
    number: issue.number,
    isDraft: pull.draft,
    state: pull.mergedAt ? 'MERGED' : issue.state.toUpperCase(),
    headRefName: pull.head.ref,
    headRefOid: pull.head.sha,
  };
}

function nodeOf(issue: PullIssue): string {
  return nodeId('PR', issue.pull.id);
}

function sees(identity: Identity, repository: Repository): boolean {
  if (identity.kind === 'installation') return !repository.private || reaches(identity, repository);
  return identity.kind === 'person' && roleOf(repository, identity.account) !== undefined;
}

function checkWrite(identity: Identity, repository: Repository, issue: PullIssue): void {
  const needs = [{ pull_requests: 'write' } as const];
  if (identity.kind === 'installation') {
    if (reaches(identity, repository) && holds(identity.permissions, needs)) return;
    throw new GraphqlError('Resource not accessible by integration', 'FORBIDDEN');
  }
  if (identity.kind !== 'person') return;
  if (identity.permissions !== null && !holds(identity.permissions, needs)) {
    throw new GraphqlError('Resource not accessible by personal access token', 'FORBIDDEN');
  }
  if (issue.login === identity.account.login || atLeast(roleOf(repository, identity.account), 'write')) return;
  const { login } = identity.account;
  throw new GraphqlError(`${login} does not have the correct permissions to execute this mutation`, 'FORBIDDEN');
}
