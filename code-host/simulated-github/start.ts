import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { controlSurface, type Controls } from './control/surface.ts';
import { replyOfError, send } from './server/answer.ts';
import { readArchive } from './server/codeload.ts';
import { serveGit } from './server/git-http.ts';
import { graphqlServer } from './server/graphql.ts';
import { rateLimits } from './server/rate-limit.ts';
import { restServer, type LoggedRequest } from './server/rest.ts';
import { githubLimits, openWorld, type Limits, type World } from './world.ts';

export interface SimulatedGithubOptions {
  /** Folder of the bare repositories, `<owner>/<name>.git`, and of one file with all the rest. */
  root: string;
  port?: number;
  now?: () => Date;
  limits?: Partial<Limits>;
}

export interface SimulatedGithub extends Controls {
  /** Origin of the API, of git over HTTP, and of the pages that nobody serves. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a GitHub that speaks its REST and GraphQL API, git over HTTP and webhooks over real bare repositories. */
export async function startSimulatedGithub(options: SimulatedGithubOptions): Promise<SimulatedGithub> {
  const world = await openWorld(options.root, options.now ?? (() => new Date()), {
    ...githubLimits,
    ...options.limits,
  });
  const limits = rateLimits(world);
  const requests: LoggedRequest[] = [];
  const log = (line: LoggedRequest) => void requests.push(line);
  const rest = restServer(world, limits, log);
  const graphql = graphqlServer(world, limits, log);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', world.origin);
    answer(world, { rest, graphql, log }, request, response, url).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(request, response, replyOfError(error, 'https://docs.github.com/rest'), {});
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  world.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: world.origin,
    ...controlSurface(world, limits, requests),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await world.save();
    },
  };
}

async function answer(
  world: World,
  {
    rest,
    graphql,
    log,
  }: {
    rest: ReturnType<typeof restServer>;
    graphql: ReturnType<typeof graphqlServer>;
    log: (line: LoggedRequest) => void;
  },
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const archive = request.method === 'GET' ? await readArchive(world, url) : undefined;
  if (archive !== undefined) {
    const status = send(request, response, archive, {});
    log({ method: 'GET', path: url.pathname, status, token: 'signed' });
    return;
  }
  if (request.method === 'POST' && url.pathname === '/graphql') return await graphql(request, response);
  const status = await serveGit(world, request, response, url);
  if (status === undefined) return await rest(request, response, url);
  log({ method: request.method ?? '', path: url.pathname + url.search, status, token: 'git' });
}
