import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { devNull } from 'node:os';
import { settle } from '../pulls/settle.ts';
import type { Account, Repository } from '../state.ts';
import { accountOf, findRepository, folderOf, type World } from '../world.ts';
import { atLeast, holds, reaches, roleOf } from './access.ts';
import type { Identity } from './call.ts';
import { identify } from './identify.ts';
import { Problem } from './problem.ts';

const shape = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** Clones, fetches and pushes through git's own http-backend; gives the status, or undefined for other paths. */
export async function serveGit(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<number | undefined> {
  const [, owner, name, verb] = shape.exec(url.pathname) ?? [];
  if (owner === undefined || name === undefined || verb === undefined) return undefined;
  const service = verb === 'info/refs' ? url.searchParams.get('service') : verb;
  const pushing = service === 'git-receive-pack';
  const repository = findRepository(world, owner, name);
  const refusal = await refusalOf(world, request, repository, pushing);
  if (refusal !== undefined || repository === undefined) {
    const { status, message } = refusal ?? { status: 404, message: 'Repository not found.' };
    response.writeHead(status, {
      'content-type': 'text/plain',
      ...(status === 401 && { 'www-authenticate': 'Basic realm="GitHub"' }),
    });
    response.end(message);
    return status;
  }
  const work = async () => {
    const status = await backend(world, request, response, { url, repository, verb, pushing });
    if (pushing && verb !== 'info/refs') await settle(world, repository, pusherOf(world, request, repository));
    return status;
  };
  return await world.exclusive(repository, work);
}

async function refusalOf(
  world: World,
  request: IncomingMessage,
  repository: Repository | undefined,
  pushing: boolean,
): Promise<{ status: number; message: string } | undefined> {
  let identity: Identity;
  try {
    identity = identify(world, request.headers.authorization);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { status: 401, message: 'Invalid username or token.' };
  }
  const open = repository !== undefined && !repository.private && !pushing;
  if (open) return undefined;
  if (identity.kind === 'none') return { status: 401, message: 'Authentication required' };
  const hidden = { status: 404, message: 'Repository not found.' };
  if (repository === undefined || identity.kind === 'app') return hidden;
  if (!mayUse(identity, repository, false)) return hidden;
  if (pushing && repository.archived)
    return { status: 403, message: 'This repository was archived so it is read-only.' };
  if (pushing && !mayUse(identity, repository, true)) {
    const login = identity.kind === 'person' ? identity.account.login : identity.app.bot.login;
    const { owner, name } = repository;
    return { status: 403, message: `Permission to ${owner}/${name}.git denied to ${login}.` };
  }
  return undefined;
}

function mayUse(
  identity: Extract<Identity, { kind: 'person' | 'installation' }>,
  repository: Repository,
  pushing: boolean,
): boolean {
  const needs = [{ contents: pushing ? 'write' : 'read' } as const];
  if (identity.kind === 'installation') return reaches(identity, repository) && holds(identity.permissions, needs);
  const { permissions, repositories } = identity;
  const selected = repositories === null || repositories.includes(`${repository.owner}/${repository.name}`);
  const granted = permissions === null || holds(permissions, needs);
  return selected && granted && atLeast(roleOf(repository, identity.account), pushing ? 'write' : 'read');
}

function pusherOf(world: World, request: IncomingMessage, repository: Repository): Account {
  const identity = identify(world, request.headers.authorization);
  if (identity.kind === 'person') return identity.account;
  return identity.kind === 'installation' ? identity.app.bot : accountOf(world, repository.owner);
}

async function backend(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  { url, repository, verb, pushing }: { url: URL; repository: Repository; verb: string; pushing: boolean },
): Promise<number> {
  const header = (name: string) => String(request.headers[name] ?? '');
  const child = spawn('git', ['-c', 'core.hooksPath=/dev/null', 'http-backend'], {
    env: {
      PATH: process.env['PATH'],
      HOME: devNull,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: devNull,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROJECT_ROOT: folderOf(world, repository),
      PATH_INFO: `/${verb}`,
      REQUEST_METHOD: request.method,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      GIT_PROTOCOL: header('git-protocol'),
      REMOTE_ADDR: '127.0.0.1',
      // http-backend accepts a push only from somebody; who may push was decided above.
      ...(pushing && { REMOTE_USER: 'pusher' }),
      ...(request.headers['content-length'] && { CONTENT_LENGTH: request.headers['content-length'] }),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
  return answerOfCgi(response, Buffer.concat(parts));
}

function answerOfCgi(response: ServerResponse, output: Buffer): number {
  const split = output.indexOf('\r\n\r\n');
  const headers: Record<string, string> = {};
  let status = 200;
  for (const line of output.subarray(0, Math.max(split, 0)).toString().split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'status') status = Number.parseInt(value, 10);
    else headers[name] = value;
  }
  if (split < 0) status = 500;
  response.writeHead(status, headers).end(split < 0 ? '' : output.subarray(split + 4));
  return status;
}
