import { randomBytes } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { StartSimulator } from '../../contract/connector.ts';

// Only node: modules and types may be imported here: the file also runs alone, inside a sandbox.

type Params = Record<string, string>;
type Json = Record<string, unknown>;

interface Reply {
  status: number;
  /** Sent as JSON; a string is sent as HTML. */
  body: Json | string;
  headers?: Record<string, string>;
}

interface State {
  revoked: Set<string>;
  /** Answers given under an idempotency key, with the request they answered. */
  answers: Map<string, { request: string; reply: Reply }>;
  customers: Set<string>;
}

interface Call {
  method: string;
  path: string;
  params: Params;
  key: string;
  live: boolean;
  state: State;
}

const account = 'acct_1SimulatedAccount';

/**
 * Stripe's API over HTTP on loopback, as far as Graft and the code it generates use it.
 *
 * A well-formed secret or restricted key is good, in the mode its prefix says, unless a word in its text decides otherwise:
 * `revoked` is unknown to Stripe (401), `expired` has expired (401), `narrow` has no permission for anything (403),
 * `ratelimited` gets 429 with `Retry-After: 7`, `unavailable` gets 503, `nonsense` gets HTML with status 200, and `slow` gets no
 * answer at all. `POST /_simulator/revoke` with `{"key": "…"}` revokes a key while the simulator runs.
 *
 * Stricter than Stripe in one point: a POST needs an `Idempotency-Key`, because the generated code promises one.
 */
export const startSimulator: StartSimulator = async ({ port = 0 } = {}) => {
  const state: State = { revoked: new Set(), answers: new Map(), customers: new Set() };
  const server = createServer((request, response) => {
    serve(request, response, state).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      send(response, problem(500, { type: 'api_error', message }));
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
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://simulator');
  const method = request.method ?? 'GET';
  if (pathname === '/_simulator/revoke' && method === 'POST') {
    state.revoked.add(String(JSON.parse(body).key));
    return send(response, { status: 200, body: { revoked: true } });
  }
  const reply = answer({ request, method, path: pathname, query: searchParams, body, state });
  // A slow key's request stays open until the client gives up or the simulator closes.
  if (reply) send(response, reply);
}

interface Incoming {
  request: IncomingMessage;
  method: string;
  path: string;
  query: URLSearchParams;
  body: string;
  state: State;
}

function answer({ request, method, path, query, body, state }: Incoming): Reply | undefined {
  const key = keyOf(request.headers.authorization);
  if (key.includes('slow')) return undefined;
  const refusal = refuseKey(key, path, method, state) ?? refuseVersion(request.headers['stripe-version']);
  if (refusal) return refusal;
  const live = /^[a-z]+_live_/.test(key);
  if (method !== 'POST') return route({ method, path, params: Object.fromEntries(query), key, live, state });

  if (!/^application\/x-www-form-urlencoded\b/.test(request.headers['content-type'] ?? '')) {
    return invalid('Invalid request: send the parameters form-encoded.');
  }
  const idempotencyKey = request.headers['idempotency-key'];
  if (typeof idempotencyKey !== 'string')
    return invalid('The simulator expects an Idempotency-Key header with each POST.');
  if (idempotencyKey.length > 255) return invalid('Idempotency-Key must be at most 255 characters long.');
  const name = `${key} ${idempotencyKey}`;
  const before = state.answers.get(name);
  const signature = `${path} ${body}`;
  if (before?.request === signature) {
    return { ...before.reply, headers: { ...before.reply.headers, 'idempotent-replayed': 'true' } };
  }
  if (before) {
    const message = 'Keys for idempotent requests can only be used with the same parameters they were first used with.';
    return problem(400, { type: 'idempotency_error', message });
  }
  const reply = route({ method, path, params: Object.fromEntries(new URLSearchParams(body)), key, live, state });
  state.answers.set(name, { request: signature, reply });
  return reply;
}

function keyOf(authorization = ''): string {
  const [scheme, value = ''] = authorization.split(' ');
  if (scheme === 'Basic') return Buffer.from(value, 'base64').toString('utf8').split(':')[0] ?? '';
  return scheme === 'Bearer' ? value : '';
}

function refuseKey(key: string, path: string, method: string, state: State): Reply | undefined {
  const refused = (message: string, code?: string) =>
    problem(401, { type: 'invalid_request_error', message, ...(code && { code }) });
  const masked = `${key.slice(0, 8)}****${key.slice(-4)}`;
  if (key === '') return refused('You did not provide an API key.');
  if (key.startsWith('pk_')) {
    return refused('This API call cannot be made with a publishable API key.', 'secret_key_required');
  }
  if (!/^[sr]k_(test|live)_[A-Za-z0-9]{10,247}$/.test(key) || key.includes('revoked') || state.revoked.has(key)) {
    return refused(`Invalid API Key provided: ${masked}`);
  }
  if (key.includes('expired')) return refused(`Expired API Key provided: ${masked}`, 'api_key_expired');
  if (key.includes('ratelimited')) {
    const body = {
      error: { type: 'invalid_request_error', code: 'rate_limit', message: 'Request rate limit exceeded.' },
    };
    return { status: 429, body, headers: { 'retry-after': '7' } };
  }
  if (key.includes('unavailable')) return problem(503, { type: 'api_error', message: 'Try again later.' });
  if (key.includes('nonsense')) return { status: 200, body: '<html><body>Welcome to the hotel network</body></html>' };
  if (key.includes('narrow')) {
    const permission = `rak_${permissionOf(path)}_${method === 'GET' ? 'read' : 'write'}`;
    const message =
      `The provided key '${masked}' does not have the required permissions for this endpoint on account '${account}'. ` +
      `Having the '${permission}' permission would allow this request to continue.`;
    return problem(403, { type: 'invalid_request_error', message });
  }
  return undefined;
}

/** `payment_intent` for `/v1/payment_intents`. */
function permissionOf(path: string): string {
  return (path.split('/')[2] ?? '').replace(/s$/, '');
}

function refuseVersion(version: string | string[] | undefined): Reply | undefined {
  if (version === undefined || (typeof version === 'string' && /^\d{4}-\d{2}-\d{2}(\.\w+)?$/.test(version)))
    return undefined;
  return invalid(`Invalid Stripe API version: ${String(version)}`);
}

function route(call: Call): Reply {
  switch (`${call.method} ${call.path}`) {
    case 'GET /v1/balance':
      return ok({ object: 'balance', livemode: call.live, available: [{ amount: 0, currency: 'usd' }], pending: [] });
    case 'GET /v1/account':
      return ok({
        id: account,
        object: 'account',
        charges_enabled: true,
        country: 'US',
        default_currency: 'usd',
        business_profile: { name: 'Simulated Store' },
        settings: { dashboard: { display_name: 'Simulated Store' } },
      });
    case 'GET /v1/payment_intents':
    case 'GET /v1/customers':
    case 'GET /v1/subscriptions':
      return ok(list(call.path, []));
    case 'GET /v1/prices':
      return listPrices(call);
    case 'POST /v1/payment_intents':
      return createPaymentIntent(call);
    case 'POST /v1/customers':
      return createCustomer(call);
    case 'POST /v1/subscriptions':
      return createSubscription(call);
    default:
      return problem(404, {
        type: 'invalid_request_error',
        message: `Unrecognized request URL (${call.method}: ${call.path}).`,
      });
  }
}

function createPaymentIntent({ params, live }: Call): Reply {
  const { amount, currency } = params;
  const fault =
    unknownParameter(
      params,
      /^(amount|currency|automatic_payment_methods\[enabled\]|customer|description|metadata\[\w+\])$/,
    ) ??
    required(params, 'amount') ??
    required(params, 'currency') ??
    faultOfAmount(amount ?? '') ??
    faultOfCurrency(currency ?? '');
  if (fault) return fault;
  const automatic = params['automatic_payment_methods[enabled]'] ?? 'true';
  if (automatic !== 'true' && automatic !== 'false') {
    return invalid(`Invalid boolean: ${automatic}`, { param: 'automatic_payment_methods[enabled]' });
  }
  const id = `pi_${token()}`;
  return ok({
    id,
    object: 'payment_intent',
    amount: Number(amount),
    currency,
    livemode: live,
    status: 'requires_payment_method',
    client_secret: `${id}_secret_${token()}`,
    automatic_payment_methods: { enabled: automatic === 'true' },
    metadata: metadataOf(params),
  });
}

function createCustomer({ params, live, state }: Call): Reply {
  const fault = unknownParameter(params, /^(email|name|metadata\[\w+\])$/);
  if (fault) return fault;
  const { email } = params;
  if (email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(email)) {
    return invalid(`Invalid email address: ${email}`, { code: 'email_invalid', param: 'email' });
  }
  const id = `cus_${token()}`;
  state.customers.add(id);
  return ok({ id, object: 'customer', email: email ?? null, livemode: live, metadata: metadataOf(params) });
}

/** Has one active price for whatever lookup key is asked, but for keys with the word `missing`. */
function listPrices({ path, params, live }: Call): Reply {
  const lookupKey = params['lookup_keys[]'] ?? params['lookup_keys[0]'];
  const prices =
    lookupKey === undefined || lookupKey.includes('missing')
      ? []
      : [
          {
            id: `price_${lookupKey}`,
            object: 'price',
            active: true,
            livemode: live,
            lookup_key: lookupKey,
            type: 'recurring',
          },
        ];
  return ok(list(path, prices));
}

function createSubscription({ params, live, state }: Call): Reply {
  const known =
    /^(customer|currency|items\[\d+\]\[(price|quantity)\]|payment_behavior|payment_settings\[save_default_payment_method\]|expand\[\d*\]|metadata\[\w+\])$/;
  const fault =
    unknownParameter(params, known) ??
    required(params, 'customer') ??
    required(params, 'items[0][price]') ??
    (params['currency'] === undefined ? undefined : faultOfCurrency(params['currency']));
  if (fault) return fault;
  if (!state.customers.has(params['customer'] ?? '')) {
    return missing(`No such customer: '${params['customer']}'`, 'customer');
  }
  if (!/^price_\w+$/.test(params['items[0][price]'] ?? '')) {
    return missing(`No such price: '${params['items[0][price]']}'`, 'items[0][price]');
  }
  const expand = params['expand[]'] ?? params['expand[0]'] ?? '';
  const paymentIntent = `pi_${token()}`;
  const invoice = `in_${token()}`;
  const confirmation = { type: 'payment_intent', client_secret: `${paymentIntent}_secret_${token()}` };
  return ok({
    id: `sub_${token()}`,
    object: 'subscription',
    status: params['payment_behavior'] === 'default_incomplete' ? 'incomplete' : 'active',
    customer: params['customer'],
    livemode: live,
    latest_invoice: expand.startsWith('latest_invoice')
      ? {
          id: invoice,
          object: 'invoice',
          ...(expand === 'latest_invoice.confirmation_secret' && { confirmation_secret: confirmation }),
        }
      : invoice,
  });
}

function faultOfAmount(amount: string): Reply | undefined {
  if (!/^-?\d+$/.test(amount)) {
    return invalid(`Invalid integer: ${amount}`, { code: 'parameter_invalid_integer', param: 'amount' });
  }
  if (Number(amount) < 1) {
    return invalid('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
  }
  if (Number(amount) < 50) {
    return invalid('Amount must be at least $0.50 usd', { code: 'amount_too_small', param: 'amount' });
  }
  if (Number(amount) > 99_999_999) {
    return invalid('Amount must be no more than $999,999.99', { code: 'amount_too_large', param: 'amount' });
  }
  return undefined;
}

function faultOfCurrency(currency: string): Reply | undefined {
  const known = Intl.supportedValuesOf('currency').includes(currency.toUpperCase());
  return known ? undefined : invalid(`Invalid currency: ${currency}.`, { param: 'currency' });
}

function unknownParameter(params: Params, known: RegExp): Reply | undefined {
  const param = Object.keys(params).find((name) => !known.test(name));
  return param === undefined
    ? undefined
    : invalid(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
}

function required(params: Params, param: string): Reply | undefined {
  return params[param] ? undefined : invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
}

function metadataOf(params: Params): Params {
  const entries = Object.entries(params).filter(([name]) => name.startsWith('metadata['));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice('metadata['.length, -1), value]));
}

const token = () => randomBytes(12).toString('hex');
const ok = (body: Json): Reply => ({ status: 200, body });
const list = (url: string, data: Json[]): Json => ({ object: 'list', url, has_more: false, data });
const problem = (status: number, error: Json): Reply => ({ status, body: { error } });
const missing = (message: string, param: string): Reply =>
  problem(400, { type: 'invalid_request_error', code: 'resource_missing', message, param });
const invalid = (message: string, more: Json = {}): Reply =>
  problem(400, { type: 'invalid_request_error', message, ...more });

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2);
  response.writeHead(status, {
    'content-type': typeof body === 'string' ? 'text/html' : 'application/json',
    'request-id': `req_${token()}`,
    ...headers,
  });
  response.end(text);
}
