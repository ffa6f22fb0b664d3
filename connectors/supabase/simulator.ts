import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { StartSimulator } from '../../contract/connector.ts';

// Only node: modules and types may be imported here: the file also runs alone, inside a sandbox.

type Json = Record<string, unknown>;

interface Reply {
  status: number;
  /** Sent as JSON; a string is sent as HTML. */
  body: unknown;
  headers?: Record<string, string>;
}

interface User {
  id: string;
  email: string;
  password: string;
}

interface State {
  revoked: Set<string>;
  /** By e-mail address. */
  users: Map<string, User>;
  /** Each good once, with the e-mail address of whoever has it. */
  refreshTokens: Map<string, string>;
  rows: Map<string, Json[]>;
  files: Set<string>;
}

interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
  /** Who asks: the role of the key, and the person whose token comes with it. */
  role: 'anon' | 'service_role' | 'narrow';
  user: User | undefined;
  state: State;
}

/**
 * A project of Supabase over HTTP on loopback, as far as Graft and the code it generates use it: Auth, the Data API and Storage.
 *
 * Any well-formed key is good, in the role that its prefix or its payload says, unless a word in its text decides otherwise: `revoked`
 * is unknown to the project (401), `legacyoff` is a disabled legacy key (401), `expired` has expired (401), `narrow` is a secret
 * key without the role service_role (403), `ratelimited` gets 429 with `Retry-After: 7`, `unavailable` gets 503, `paused` gets 540,
 * `nonsense` gets HTML with status 200, `hiddenschema` is not told of the schema (406), and `slow` gets no answer at all. A table or
 * bucket with `missing` in its name is not there, a table with `ungranted` in its name may be read by nobody.
 * `POST /_simulator/revoke` with `{"key": "…"}` revokes a key.
 */
export const startSimulator: StartSimulator = async ({ port = 0 } = {}) => {
  const state: State = {
    revoked: new Set(),
    users: new Map(),
    refreshTokens: new Map(),
    rows: new Map(),
    files: new Set(),
  };
  const server = createServer((request, response) => {
    serve(request, response, state).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      send(response, { status: 500, body: { message } });
    });
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

async function serve(request: IncomingMessage, response: ServerResponse, state: State): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString('utf8');
  const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://simulator');
  const { method = 'GET', headers } = request;
  if (path === '/_simulator/revoke' && method === 'POST') {
    state.revoked.add(String(JSON.parse(body).key));
    return send(response, ok({ revoked: true }));
  }
  const key = String(headers['apikey'] ?? '');
  // A slow key's request stays open until the client gives up or the simulator closes.
  if (key.includes('slow')) return;
  const refused = refuseKey(key, state);
  if (refused) return send(response, refused);
  const who = whoAsks(key, headers.authorization, state);
  send(response, 'status' in who ? who : route({ method, path, query, headers, body, state, ...who }));
}

function refuseKey(key: string, state: State): Reply | undefined {
  const refused = (message: string, hint: string) => ({ status: 401, body: { message, hint } });
  if (key === '') {
    return refused('No API key found in request', 'No `apikey` request header or url param was found.');
  }
  if (roleOf(key) === undefined || key.includes('revoked') || state.revoked.has(key)) {
    return refused('Invalid API key', 'Double check your Supabase `anon` or `service_role` API key.');
  }
  if (key.includes('legacyoff')) {
    return refused('Legacy API keys are disabled', 'Use the publishable and secret API keys of the project.');
  }
  if (key.includes('expired')) return { status: 401, body: { code: 'PGRST303', message: 'JWT expired' } };
  if (key.includes('ratelimited')) {
    const body = { code: 429, error_code: 'over_request_rate_limit', msg: 'Request rate limit reached' };
    return { status: 429, body, headers: { 'retry-after': '7' } };
  }
  if (key.includes('unavailable')) return { status: 503, body: { message: 'name resolution failed' } };
  if (key.includes('paused')) return { status: 540, body: 'Project paused' };
  if (key.includes('nonsense')) return ok('<html><body>Welcome to the hotel network</body></html>');
  return undefined;
}

function roleOf(key: string): Call['role'] | undefined {
  if (/^sb_publishable_[\w-]{20,}$/.test(key)) return 'anon';
  if (/^sb_secret_[\w-]{20,}$/.test(key)) return key.includes('narrow') ? 'narrow' : 'service_role';
  const payload = /^eyJ[\w-]+\.([\w-]+)\.[\w-]+$/.exec(key)?.[1];
  const role = /"role":"(anon|service_role)"/.exec(Buffer.from(payload ?? '', 'base64url').toString('utf8'))?.[1];
  return role as 'anon' | 'service_role' | undefined;
}

/** The token of a person, or the key itself, may stand in `Authorization`; anything else is refused. */
function whoAsks(key: string, authorization: string | undefined, state: State): Pick<Call, 'role' | 'user'> | Reply {
  const role = roleOf(key) ?? 'anon';
  const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
  if (token === undefined || token === key) return { role, user: undefined };
  const user = [...state.users.values()].find(({ id }) => token === tokenOf(id)) ?? personOfChecks(token, state);
  if (user) return { role, user };
  return {
    status: 403,
    body: { code: 403, error_code: 'bad_jwt', msg: 'invalid JWT: unable to parse or verify signature' },
  };
}

/** In the form of a JWT, which the SDK reads; its signature is never checked. */
function tokenOf(id: string): string {
  const part = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { sub: id, role: 'authenticated', exp: 4_000_000_000 };
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}.${part({ simulated: true })}`;
}

/** A person who is always there, for the server checks. */
function personOfChecks(token: string, state: State): User | undefined {
  if (token !== 'simulated.token.person-of-the-server-checks') return undefined;
  const user = { id: 'person-of-the-server-checks', email: 'person@app.example', password: randomUUID() };
  state.users.set(user.email, user);
  return user;
}

function route(call: Call): Reply {
  const { method, path, role, state } = call;
  const [, service, version, ...rest] = path.split('/');
  if (version !== 'v1') return { status: 404, body: { message: 'no Route matched with those values' } };
  if (service === 'auth') return auth(call, `${method} ${rest.join('/')}`);
  if (service === 'rest') return data(call, rest[0] ?? '');
  if (service !== 'storage') return { status: 404, body: { message: 'no Route matched with those values' } };
  const [kind = '', ...name] = rest;
  if (method === 'GET' && kind === 'bucket' && name.length === 1) {
    const [bucket = ''] = name;
    if (role !== 'service_role' || bucket.includes('missing')) return storageProblem('404', 'Bucket not found');
    return ok({ id: bucket, name: bucket, public: false });
  }
  if (method === 'POST' && kind === 'object' && name[0] === 'sign') {
    const file = name.slice(1).join('/');
    if (!state.files.has(file)) return storageProblem('404', 'Object not found');
    return ok({ signedURL: `/object/sign/${file}?token=simulated` });
  }
  if (method === 'POST' && kind === 'object') {
    const file = name.join('/');
    if (file.includes('missing')) return storageProblem('404', 'Bucket not found');
    if (state.files.has(file) && call.headers['x-upsert'] !== 'true') {
      return storageProblem('409', 'The resource already exists');
    }
    state.files.add(file);
    return ok({ Id: randomUUID(), Key: file });
  }
  return storageProblem('404', `Route ${method}:${path} not found`);
}

const storageProblem = (statusCode: string, message: string): Reply => ({
  status: 400,
  body: { statusCode, error: message, message },
});

function auth(call: Call, what: string): Reply {
  const { role, user, state, query, body } = call;
  const problem = (status: number, error_code: string, msg: string) => ({
    status,
    body: { code: status, error_code, msg },
  });
  if (what === 'GET settings') {
    const external = { anonymous_users: false, apple: false, email: true, github: true, google: true, phone: false };
    return ok({ external, disable_signup: false, mailer_autoconfirm: true, phone_autoconfirm: false });
  }
  if (what === 'GET user')
    return user ? ok(shown(user)) : problem(401, 'no_authorization', 'This endpoint requires a valid Bearer token');
  if (what === 'POST logout') return { status: 204, body: '' };
  if (what.includes(' admin/')) {
    if (role !== 'service_role' || user) return problem(403, 'not_admin', 'User not allowed');
    if (what === 'GET admin/users') return ok({ users: [...state.users.values()].map(shown), aud: 'authenticated' });
    const found = [...state.users.values()].find(({ id }) => what.endsWith(` admin/users/${id}`));
    if (!found) return problem(404, 'user_not_found', 'User not found');
    if (what.startsWith('GET ')) return ok(shown(found));
    if (!what.startsWith('DELETE ')) return problem(405, 'not_allowed', 'Method not allowed');
    state.users.delete(found.email);
    return ok({});
  }
  if (what !== 'POST signup' && what !== 'POST token') return problem(404, 'not_found', 'Not found');
  const given = JSON.parse(body) as { email: string; password: string; refresh_token: string };
  const { email, password } = given;
  if (query.get('grant_type') === 'refresh_token') {
    const owner = state.users.get(state.refreshTokens.get(given.refresh_token) ?? '');
    state.refreshTokens.delete(given.refresh_token);
    return owner ? session(owner, state) : problem(400, 'refresh_token_not_found', 'Invalid Refresh Token');
  }
  if (what === 'POST signup') {
    if (password.length < 6) return problem(422, 'weak_password', 'Password should be at least 6 characters.');
    if (state.users.has(email)) return problem(422, 'user_already_exists', 'User already registered');
    state.users.set(email, { id: randomUUID(), email, password });
  }
  const found = state.users.get(email);
  const isPassword = what === 'POST signup' || query.get('grant_type') === 'password';
  if (!isPassword || found?.password !== password) {
    return problem(400, 'invalid_credentials', 'Invalid login credentials');
  }
  return session(found, state);
}

function session(user: User, state: State): Reply {
  const refreshToken = randomUUID();
  state.refreshTokens.set(refreshToken, user.email);
  return ok({
    access_token: tokenOf(user.id),
    refresh_token: refreshToken,
    token_type: 'bearer',
    expires_in: 3600,
    expires_at: Math.floor(Date.now() / 1000) + 3600,
    user: shown(user),
  });
}

const shown = ({ id, email }: User): Json => ({
  id,
  email,
  aud: 'authenticated',
  role: 'authenticated',
  app_metadata: {},
  user_metadata: {},
  created_at: '2026-01-01T00:00:00Z',
});

/** The Data API: rows of any table, with the parameters that select, cut and order; filters are refused. */
function data({ method, query, headers, body, role, state }: Call, table: string): Reply {
  const key = String(headers['apikey'] ?? '');
  const problem = (status: number, code: string, message: string) => ({
    status,
    body: { code, details: null, hint: null, message },
  });
  if (table === '' && method === 'GET') {
    if (key.includes('hiddenschema')) return problem(406, 'PGRST106', 'Invalid schema: public');
    if (role === 'service_role') return ok(described);
    const hint = 'Only secret API keys can be used for this endpoint.';
    return { status: 401, body: { message: 'Secret API key required', hint } };
  }
  if (table.includes('missing')) {
    return problem(404, 'PGRST205', `Could not find the table 'public.${table}' in the schema cache`);
  }
  if (table.includes('ungranted')) return problem(401, '42501', `permission denied for table ${table}`);
  const foreign = [...query.keys()].find((name) => !['select', 'limit', 'offset', 'order', 'columns'].includes(name));
  if (foreign !== undefined) return problem(400, '42703', `column ${table}.${foreign} does not exist`);
  const limit = query.get('limit') ?? '1000';
  if (!/^\d+$/.test(limit)) return problem(400, 'PGRST100', `failed to parse limit (${limit})`);
  const rows = state.rows.get(table) ?? [];
  if (method === 'GET') return ok(rows.slice(0, Number(limit)));
  if (method !== 'POST') return problem(405, 'PGRST117', `Unsupported HTTP method: ${method}`);
  const given = JSON.parse(body) as Json | Json[];
  const added = (Array.isArray(given) ? given : [given]).map((row, index) => ({ id: rows.length + index + 1, ...row }));
  state.rows.set(table, [...rows, ...added]);
  return { status: 201, body: added };
}

/** The schema as PostgREST describes it: every table is there for whoever asks, but only these are described. */
const described = {
  swagger: '2.0',
  info: { title: 'standard public schema', version: '13.0.5' },
  definitions: {
    todos: {
      type: 'object',
      required: ['id', 'title', 'done', 'created_at', 'project_id'],
      properties: {
        id: { type: 'integer', format: 'bigint', description: 'Note:\nThis is a Primary Key.<pk/>' },
        title: { type: 'string', format: 'text' },
        done: { type: 'boolean', format: 'boolean', default: false },
        created_at: { type: 'string', format: 'timestamp with time zone', default: 'now()' },
        details: { format: 'jsonb' },
        project_id: {
          type: 'string',
          format: 'uuid',
          description: "Note:\nThis is a Foreign Key to `projects.id`.<fk table='projects' column='id'/>",
        },
      },
    },
    projects: {
      type: 'object',
      required: ['id', 'state'],
      properties: {
        id: {
          type: 'string',
          format: 'uuid',
          default: 'gen_random_uuid()',
          description: 'Note:\nThis is a Primary Key.<pk/>',
        },
        state: { type: 'string', format: 'public.state', enum: ['open', 'closed'], default: 'open' },
      },
    },
  },
  paths: { '/todos': { get: {}, post: {} }, '/projects': { get: {}, post: {} } },
};

const ok = (body: unknown): Reply => ({ status: 200, body });

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  response.writeHead(status, {
    'content-type': typeof body === 'string' ? 'text/html' : 'application/json',
    'sb-request-id': randomUUID(),
    ...headers,
  });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
