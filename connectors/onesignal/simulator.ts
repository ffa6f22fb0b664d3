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

const denied =
  "Access denied.  Please include an 'Authorization: ...' header with a valid API key (https://documentation.onesignal.com/docs/en/keys-and-ids#api-keys).";

/**
 * OneSignal's REST API over HTTP on loopback, as far as Graft uses it: every App ID is an app with one segment.
 *
 * A well-formed App API key is good for any app, unless a word in its text decides otherwise: `revoked` and `expired` are
 * unknown to OneSignal (401; its keys have no end of their own), `narrow` may not be used from this address (403), `noapp` says
 * that there is no such app (404), `ratelimited` gets 429 with `Retry-After: 7`, `unavailable` gets 503, `nonsense` gets HTML
 * with status 200, and `slow` gets no answer at all.
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
  const key = /^Key (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (key.includes('slow')) return undefined;
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://simulator');
  return refuseKey(key) ?? route(request.method, pathname, searchParams);
}

function refuseKey(key: string): Reply | undefined {
  if (!/^os_v2_app_[a-z2-7]{90,120}$/.test(key) || /revoked|expired/.test(key)) return problem(401, denied);
  if (key.includes('narrow')) return problem(403, 'The API key may not be used from this IP address.');
  if (key.includes('noapp')) return problem(404, 'App not found');
  if (key.includes('ratelimited')) {
    return { ...problem(429, 'API rate limit exceeded.'), headers: { 'retry-after': '7' } };
  }
  if (key.includes('unavailable')) return problem(503, 'Service temporarily unavailable');
  if (key.includes('nonsense')) return { status: 200, body: '<html><body>Welcome to the hotel network</body></html>' };
  return undefined;
}

function route(method: string | undefined, path: string, query: URLSearchParams): Reply {
  const app_id = /^\/apps\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\/segments$/i.exec(path)?.[1];
  if (app_id === undefined) return problem(404, 'Not found');
  if (method !== 'GET') return problem(400, 'The simulator only answers reads.');
  const unknown = [...query.keys()].find((name) => name !== 'offset' && name !== 'limit');
  if (unknown !== undefined) return problem(400, `Unknown parameter ${unknown}`);
  const [offset, limit] = [query.get('offset') ?? '0', query.get('limit') ?? '300'];
  if (!/^\d+$/.test(offset)) return problem(400, 'offset must be an integer');
  if (!/^[1-9]\d*$/.test(limit) || Number(limit) > 300) return problem(400, 'limit must be from 1 to 300');
  const segment = {
    id: '00000000-0000-4000-8000-000000000001',
    name: 'Subscribed Users',
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
    app_id,
    read_only: false,
    is_active: true,
  };
  const segments = [segment].slice(Number(offset), Number(offset) + Number(limit));
  return { status: 200, body: { total_count: 1, offset: Number(offset), limit: Number(limit), segments } };
}

function problem(status: number, message: string): Reply {
  return { status, body: { errors: [message] } };
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/html' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(text);
}
