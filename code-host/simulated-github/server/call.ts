import type { Account, App, Installation, Permissions, Repository, Role } from '../state.ts';
import type { World } from '../world.ts';

export type Json = Record<string, unknown>;

/** Who asks, found from the Authorization header. */
export type Identity =
  | { kind: 'none' }
  | { kind: 'person'; account: Account; permissions: Permissions | null; repositories: readonly string[] | null }
  | { kind: 'app'; app: App }
  | {
      kind: 'installation';
      app: App;
      installation: Installation;
      permissions: Permissions;
      repositories: readonly number[] | null;
    };

/** One request to the REST API, understood. */
export interface Call {
  world: World;
  identity: Identity;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: Json;
  accept: string;
  path: string;
}

export interface RepositoryCall extends Call {
  repository: Repository;
  /** Folder of the bare repository. */
  folder: string;
}

export interface Reply {
  status: number;
  /** Nothing is sent without it. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** Permissions of which one set must be there. */
export type Needs = readonly Permissions[];

interface RouteBase {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  path: string;
  /** Page and anchor of GitHub's REST documentation, which errors name. */
  docs: string;
}

export interface PlainRoute extends RouteBase {
  kind: 'plain';
  handle(call: Call): Promise<Reply> | Reply;
}

export interface RepositoryRoute extends RouteBase {
  kind: 'repository';
  needs: Needs;
  /** The least role of a person; what it is without depends on the method. */
  role?: Role;
  handle(call: RepositoryCall): Promise<Reply> | Reply;
}

export type Route = PlainRoute | RepositoryRoute;

type RepositoryHandler = RepositoryRoute['handle'];
type Options = { docs: string; needs: Permissions | Needs; role?: Role };

/** A route below `/repos/{owner}/{repo}`, for tokens with these permissions. */
export function repositoryRoute(verb: string, options: Options, handle: RepositoryHandler): RepositoryRoute {
  const [method = '', rest = ''] = verb.split(' ');
  return {
    kind: 'repository',
    method: method as RouteBase['method'],
    path: `/repos/{owner}/{repo}${rest}`,
    docs: options.docs,
    needs: Array.isArray(options.needs) ? (options.needs as Needs) : [options.needs as Permissions],
    ...(options.role && { role: options.role }),
    handle,
  };
}

/** A route that belongs to no repository. */
export function plainRoute(verb: string, docs: string, handle: PlainRoute['handle']): PlainRoute {
  const [method = '', path = ''] = verb.split(' ');
  return { kind: 'plain', method: method as RouteBase['method'], path, docs, handle };
}

/** 200 with a body. */
export function ok(body: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status: 200, body, headers };
}

/** 201 with a body, and where the new thing is. */
export function created(body: unknown): Reply {
  const url = (body as { url?: unknown }).url;
  return { status: 201, body, ...(typeof url === 'string' && { headers: { location: url } }) };
}

/** 204. */
export const noContent: Reply = { status: 204 };
