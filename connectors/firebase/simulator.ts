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

interface Call {
  method: string;
  path: string;
  /** What chooses the behaviour: the API key, or the e-mail address of the service account. */
  word: string;
  body: string;
  /** By e-mail address. */
  users: Map<string, { id: string; password: string }>;
}

const project = { id: 'my-project', number: '123456789012' };
const tokenUrl = 'https://oauth2.googleapis.com/token';

/**
 * One project of Firebase over HTTP on loopback, `my-project` with the number 123456789012, as far as Graft and the code it generates
 * use it: the web config, the project, access tokens, and accounts with an e-mail address and a password.
 *
 * Any well-formed API key is good, and any service account that signs its claim by RS256, unless a word in the key or in the account's
 * e-mail address decides otherwise: `revoked` is unknown, `expired` has expired, `narrow` is an account that may not read the
 * project or a key that may not ask for the web config (403), `referrer` is a key for browsers only (403), `noauth` is of a project
 * without Auth, `ratelimited` gets 429 with `Retry-After: 7`, `unavailable` gets 503, `nonsense` gets HTML with status 200, and `slow`
 * gets no answer at all.
 */
export const startSimulator: StartSimulator = async ({ port = 0 } = {}) => {
  const users: Call['users'] = new Map();
  const server = createServer((request, response) => {
    serve(request, response, users).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      send(response, problem(500, 'INTERNAL', message));
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

async function serve(request: IncomingMessage, response: ServerResponse, users: Call['users']): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString('utf8');
  const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://simulator');
  const { method = 'GET', headers } = request;
  const apiKey = String(headers['x-goog-api-key'] ?? query.get('key') ?? '');
  const bearer = /^Bearer simulated-(.+)$/.exec(headers.authorization ?? '')?.[1];
  const word = path === '/token' ? (claimOf(body)?.iss ?? '') : (bearer ?? apiKey);
  // A slow key's request stays open until the client gives up or the simulator closes.
  if (word.includes('slow')) return;
  const call = { method, path, word, body, users };
  send(response, troubled(word) ?? (path === '/token' ? issueToken(call) : route(call, bearer !== undefined)));
}

function troubled(word: string): Reply | undefined {
  if (word.includes('ratelimited')) {
    const reply = problem(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded.', 'RATE_LIMIT_EXCEEDED');
    return { ...reply, headers: { 'retry-after': '7' } };
  }
  if (word.includes('unavailable')) return problem(503, 'UNAVAILABLE', 'The service is currently unavailable.');
  if (word.includes('nonsense')) return { status: 200, body: '<html>It works!</html>' };
  return undefined;
}

interface Claim {
  iss?: string;
  aud?: string;
  scope?: string;
  iat?: number;
  exp?: number;
}

/** What a service account claims in the form that it posts; undefined for what is no such claim. */
function claimOf(form: string): Claim | undefined {
  const [header = '', claim = '', signature = ''] = (new URLSearchParams(form).get('assertion') ?? '').split('.');
  const parse = (part: string): Json => JSON.parse(Buffer.from(part, 'base64url').toString('utf8') || '{}');
  try {
    if (parse(header)['alg'] !== 'RS256' || Buffer.from(signature, 'base64url').length < 256) return undefined;
    return parse(claim);
  } catch {
    return undefined;
  }
}

function issueToken({ method, body, word }: Call): Reply {
  const refused = (error: string, description: string) => ({
    status: 400,
    body: { error, error_description: description },
  });
  if (method !== 'POST') return { status: 404, body: '<html>Not found</html>' };
  if (new URLSearchParams(body).get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
    return refused('unsupported_grant_type', 'Invalid grant_type.');
  }
  const { aud, scope, iat = 0, exp = 0 } = claimOf(body) ?? {};
  if (aud !== tokenUrl) return refused('invalid_grant', 'Invalid JWT: Failed audience check.');
  if (word.includes('revoked') || word.includes('expired') || !word.endsWith('.gserviceaccount.com')) {
    return refused('invalid_grant', 'Invalid JWT Signature.');
  }
  const now = Date.now() / 1000;
  if (exp - iat > 3600 || Math.abs(now - iat) > 600 || exp < now) {
    const description =
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';
    return refused('invalid_grant', description);
  }
  if (!scope) return refused('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
  return ok({ access_token: `simulated-${word}`, expires_in: 3599, token_type: 'Bearer' });
}

function route(call: Call, isAccount: boolean): Reply {
  const { method, path } = call;
  const read = /^\/v1beta1\/projects\/([\w-]+)$/.exec(path)?.[1];
  if (method === 'GET' && read !== undefined) return isAccount ? readProject(read, call.word) : unauthenticated();
  if (call.word === '' || isAccount) return unauthenticated();
  const refused = refuseKey(call.word);
  if (refused) return refused;
  const app = /^\/v1alpha\/projects\/-\/apps\/(\d+:(\d+):web:[\da-f]+)\/webConfig$/.exec(path);
  if (method === 'GET' && app) return readWebConfig(app[1] ?? '', app[2] ?? '', call.word);
  if (method === 'GET' && path === '/v1/projects') {
    if (call.word.includes('noauth')) return problem(400, '', 'CONFIGURATION_NOT_FOUND');
    return ok({ projectId: project.number, authorizedDomains: ['localhost', `${project.id}.firebaseapp.com`] });
  }
  const action = /^\/v1\/accounts:(signUp|signInWithPassword|lookup)$/.exec(path)?.[1];
  if (method === 'POST' && action !== undefined) return account(action, call);
  return problem(404, 'NOT_FOUND', 'Method not found.');
}

const unauthenticated = () =>
  problem(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.', 'ACCESS_TOKEN_TYPE_UNSUPPORTED');

function refuseKey(key: string): Reply | undefined {
  const expired = 'API key expired. Please renew the API key.';
  const unknown = 'API key not valid. Please pass a valid API key.';
  if (key.includes('expired')) return problem(400, 'INVALID_ARGUMENT', expired, 'API_KEY_INVALID');
  if (key.includes('revoked') || !/^AIza[\w-]{35}$/.test(key)) {
    return problem(400, 'INVALID_ARGUMENT', unknown, 'API_KEY_INVALID');
  }
  if (!key.includes('referrer')) return undefined;
  const blocked = 'Requests from referer <empty> are blocked.';
  return problem(403, 'PERMISSION_DENIED', blocked, 'API_KEY_HTTP_REFERRER_BLOCKED');
}

function readWebConfig(appId: string, number: string, key: string): Reply {
  if (key.includes('narrow')) {
    const blocked = 'Requests to this API firebase.googleapis.com method are blocked.';
    return problem(403, 'PERMISSION_DENIED', blocked, 'API_KEY_SERVICE_BLOCKED');
  }
  if (number !== project.number) return problem(403, 'PERMISSION_DENIED', 'The caller does not have permission');
  return ok({
    projectId: project.id,
    appId,
    storageBucket: `${project.id}.firebasestorage.app`,
    apiKey: key,
    authDomain: `${project.id}.firebaseapp.com`,
    messagingSenderId: number,
    measurementId: 'G-ABCDEF1234',
  });
}

function readProject(id: string, email: string): Reply {
  // Google tells a project that is not there from one that may not be read to nobody.
  if (email.includes('narrow') || id !== project.id) {
    return problem(403, 'PERMISSION_DENIED', 'The caller does not have permission');
  }
  return ok({
    projectId: project.id,
    projectNumber: project.number,
    displayName: 'My project',
    name: `projects/${project.id}`,
    resources: {},
    state: 'ACTIVE',
  });
}

/** Accounts as Auth's own API has them: an id token is `header.claims.` and is signed by nobody. */
function account(action: string, { body, users }: Call): Reply {
  const given: Json = JSON.parse(body === '' ? '{}' : body);
  if (action === 'lookup') {
    const claims: Json = JSON.parse(
      Buffer.from(String(given['idToken']).split('.')[1] ?? '', 'base64url').toString('utf8') || '{}',
    );
    const [email, found] = [...users].find(([, { id }]) => id === claims['sub']) ?? [];
    if (!found) return problem(400, '', 'INVALID_ID_TOKEN');
    return ok({ users: [{ localId: found.id, email, emailVerified: false, providerUserInfo: [] }] });
  }
  const [email, password] = [String(given['email'] ?? ''), String(given['password'] ?? '')];
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) return problem(400, '', 'INVALID_EMAIL');
  const known = users.get(email);
  if (action === 'signInWithPassword') {
    if (known?.password !== password) return problem(400, '', 'INVALID_LOGIN_CREDENTIALS');
    return ok(session(known.id, email));
  }
  if (known) return problem(400, '', 'EMAIL_EXISTS');
  if (password.length < 6) return problem(400, '', 'WEAK_PASSWORD : Password should be at least 6 characters');
  const id = randomUUID().replaceAll('-', '').slice(0, 28);
  users.set(email, { id, password });
  return ok(session(id, email));
}

function session(id: string, email: string): Json {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const idToken = [part({ alg: 'none', typ: 'JWT' }), part({ sub: id, email, iat: now, exp: now + 3600 }), ''].join(
    '.',
  );
  return { localId: id, email, idToken, refreshToken: `simulated-${id}`, expiresIn: '3600' };
}

const ok = (body: Json): Reply => ({ status: 200, body });

/** An error in the shape of Google's APIs. */
function problem(code: number, status: string, message: string, reason?: string): Reply {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' }];
  return {
    status: code,
    body: {
      error: { code, message, ...(status === '' ? {} : { status }), ...(reason === undefined ? {} : { details }) },
    },
  };
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  const isHtml = typeof body === 'string';
  response.writeHead(status, { 'content-type': isHtml ? 'text/html' : 'application/json; charset=UTF-8', ...headers });
  response.end(isHtml ? body : JSON.stringify(body));
}
