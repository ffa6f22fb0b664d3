import type { IncomingMessage, ServerResponse } from 'node:http';
import { mergeWaiting } from '../pulls/auto-merge.ts';
import { settle } from '../pulls/settle.ts';
import { allRoutes } from '../routes/all.ts';
import { accountOf, folderOf, type World } from '../world.ts';
import { checkAccess, visibleRepository, writtenNeeds } from './access.ts';
import { actorOf } from './actor.ts';
import { newRequestId, parseBody, readBytes, replyOfError, send } from './answer.ts';
import type { Call, Identity, Reply, Route } from './call.ts';
import { identify, kindOf } from './identify.ts';
import { notFound, Problem } from './problem.ts';
import type { RateLimits } from './rate-limit.ts';
import { makeRouter } from './router.ts';

/** One line of the log of requests. */
export interface LoggedRequest {
  method: string;
  path: string;
  status: number;
  /**
   * `none`, `classic`, `fine-grained`, `app`, `installation`, `wrong` for a token that names nobody, `git` for git over
   * HTTP, or `signed` for an archive's own address.
   */
  token: string;
}

const docsRoot = 'https://docs.github.com/rest';

/** Answers the REST API. */
export function restServer(world: World, limits: RateLimits, log: (line: LoggedRequest) => void) {
  const find = makeRouter(allRoutes);

  return async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const requestId = newRequestId();
    const method = request.method ?? 'GET';
    const headers: Record<string, string> = { 'x-github-request-id': requestId };
    let identity: Identity | undefined;
    let docs = docsRoot;
    let reply: Reply;
    try {
      const bytes = await readBytes(request);
      checkUserAgent(request);
      identity = identify(world, request.headers.authorization);
      Object.assign(headers, limits.spend(identity, requestId));
      if (kindOf(identity) === 'classic') headers['x-oauth-scopes'] = 'repo, workflow';
      const found = find(method, url.pathname);
      if (found === undefined) throw notFound();
      docs = `${docsRoot}/${found.route.docs}`;
      if (found.route.kind === 'repository') {
        headers['x-accepted-github-permissions'] = writtenNeeds(found.route.needs);
      }
      const body = parseBody(bytes);
      const accept = request.headers.accept ?? '*/*';
      const { pathname: path, searchParams: query } = url;
      reply = await handle(found.route, { world, identity, params: found.params, query, body, accept, path });
    } catch (error) {
      reply = replyOfError(error, docs);
    }
    if (method !== 'GET') await world.save();
    const status = send(request, response, reply, headers);
    if (status === 304 && identity) limits.refund(identity);
    log({ method, path: url.pathname + url.search, status, token: identity ? kindOf(identity) : 'wrong' });
  };
}

/** GitHub speaks only to those who say what they are. */
function checkUserAgent(request: IncomingMessage): void {
  if (request.headers['user-agent']) return;
  throw new Problem(
    403,
    'Request forbidden by administrative rules. Please make sure your request has a User-Agent header (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). Check https://developer.github.com for other possible causes.',
  );
}

async function handle(route: Route, call: Call): Promise<Reply> {
  const { world, identity } = call;
  if (route.kind === 'plain') return await route.handle(call);
  const repository = visibleRepository(world, identity, call.params['owner'] ?? '', call.params['repo'] ?? '');
  checkAccess(identity, route, repository);
  return await world.exclusive(repository, async () => {
    // Somebody may have pushed straight into the folder.
    await settle(world, repository, accountOf(world, repository.owner));
    try {
      return await route.handle({ ...call, repository, folder: folderOf(world, repository) });
    } finally {
      if (route.method !== 'GET') {
        await settle(world, repository, actorOf(identity));
        await mergeWaiting(world, repository);
      }
    }
  });
}
