import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { StartSimulator } from '../../contract/connector.ts';

// Only node: modules and types may be imported here: the file also runs alone, inside a sandbox.

type Json = Record<string, unknown>;

interface Reply {
  status: number;
  /** Sent as JSON; a string is sent as HTML. */
  body: Json | string;
  headers?: Record<string, string>;
}

const project = 'projSimulated1';
const createdAt = 1_767_225_600_000;
const apps = [
  { id: 'appSimulatedIos', name: 'Simulated iOS', type: 'app_store', prefix: 'appl_' },
  { id: 'appSimulatedAndroid', name: 'Simulated Android', type: 'play_store', prefix: 'goog_' },
  { id: 'appSimulatedTest', name: 'Simulated Test Store', type: 'test_store', prefix: 'test_' },
];

/**
 * RevenueCat's API v2 over HTTP on loopback, as far as Graft uses it: one project with an App Store, a Play Store and a Test
 * Store app, and an entitlement `pro`. Each app's SDK key is the secret key with another prefix: `appl_abc` belongs to `sk_abc`.
 *
 * A well-formed secret key is good, unless a word in its text decides otherwise: `revoked` and `expired` are unknown to
 * RevenueCat (401; its keys have no end of their own), `narrow` has no permission for anything and `noapps` only for projects
 * (403), `ratelimited` gets 429 with `Retry-After: 7`, `unavailable` gets 503, `nonsense` gets HTML with status 200, and `slow`
 * gets no answer at all.
 */
export const startSimulator: StartSimulator = async ({ port = 0 } = {}) => {
  const server = createServer((request, response) => {
    const reply = answer(request);
    // A slow key's request stays open until the client gives up or the simulator closes.
    if (reply) send(response, reply);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The simulator has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
};

function answer(request: IncomingMessage): Reply | undefined {
  const key = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (key.includes('slow')) return undefined;
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://simulator');
  return refuseKey(key, pathname) ?? refuseRequest(request.method, searchParams) ?? route(pathname, key, searchParams);
}

function refuseKey(key: string, path: string): Reply | undefined {
  if (!/^sk_[A-Za-z0-9]+$/.test(key) || /revoked|expired/.test(key)) {
    return problem(401, 'authentication_error', 'Invalid API key');
  }
  if (key.includes('ratelimited')) {
    const reply = problem(429, 'rate_limit_error', 'Rate limit exceeded', { retryable: true, backoff_ms: 7000 });
    return { ...reply, headers: { 'retry-after': '7' } };
  }
  if (key.includes('unavailable')) {
    const more = { retryable: true, backoff_ms: 1000 };
    return problem(503, 'server_error', 'There was an internal server error', more);
  }
  if (key.includes('nonsense')) return { status: 200, body: '<html><body>Welcome to the hotel network</body></html>' };
  if (key.includes('narrow') || (key.includes('noapps') && path !== '/v2/projects')) {
    return problem(403, 'authorization_error', "You're not authorized to access this resource");
  }
  return undefined;
}

function refuseRequest(method: string | undefined, query: URLSearchParams): Reply | undefined {
  if (method !== 'GET') return problem(400, 'invalid_request', 'The simulator only answers reads.');
  const unknown = [...query.keys()].find((name) => name !== 'limit' && name !== 'starting_after');
  if (unknown !== undefined) return problem(400, 'parameter_error', 'Unknown parameter', { param: unknown });
  const limit = query.get('limit');
  if (limit !== null && !/^[1-9]\d*$/.test(limit)) {
    return problem(400, 'parameter_error', 'limit is not a positive integer', { param: 'limit' });
  }
  return undefined;
}

function route(path: string, key: string, query: URLSearchParams): Reply {
  if (path === '/v2/projects') {
    return list(path, [{ object: 'project', id: project, name: 'Simulated project', created_at: createdAt }], query);
  }
  const inProject = path.startsWith(`/v2/projects/${project}/`) ? path.slice(`/v2/projects/${project}/`.length) : '';
  if (inProject === 'apps') {
    const entries = apps.map(({ id, name, type }) => {
      return { object: 'app', id, name, type, project_id: project, created_at: createdAt };
    });
    return list(path, entries, query);
  }
  if (inProject === 'entitlements') {
    const names = { lookup_key: 'pro', display_name: 'Pro' };
    const entry = { object: 'entitlement', id: 'entlSimulated', ...names, project_id: project, created_at: createdAt };
    return list(path, [entry], query);
  }
  const app = apps.find(({ id }) => inProject === `apps/${id}/public_api_keys`);
  if (app) {
    const value = `${app.prefix}${key.slice('sk_'.length)}`;
    const names = { id: `apikey${app.id}`, key: value, environment: 'production', app_id: app.id };
    return list(path, [{ object: 'public_api_key', ...names, created_at: createdAt }], query);
  }
  return problem(404, 'resource_missing', 'Resource not found');
}

/** One page of a list, which goes on behind the entry that `starting_after` names. */
function list(url: string, entries: readonly (Json & { id: string })[], query: URLSearchParams): Reply {
  const start = entries.findIndex(({ id }) => id === query.get('starting_after')) + 1;
  const items = entries.slice(start, start + Number(query.get('limit') ?? 20));
  const more = start + items.length < entries.length;
  const next_page = more ? `${url}?starting_after=${items.at(-1)?.id}` : null;
  return { status: 200, body: { object: 'list', items, next_page, url } };
}

function problem(status: number, type: string, message: string, more: Json = {}): Reply {
  const doc_url = `https://errors.rev.cat/${type.replaceAll('_', '-')}`;
  return { status, body: { object: 'error', type, message, retryable: false, doc_url, ...more } };
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/html' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(text);
}
