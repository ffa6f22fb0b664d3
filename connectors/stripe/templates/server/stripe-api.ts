// These handlers were written for this version of the API, whatever the account's default is.
const apiVersion = '2026-10-28.endive';

/** An answer other than success: the HTTP status, a code for the app and a sentence for people. */
export class Problem extends Error {
  readonly status: number;
  readonly body: { error: string; message: string; key?: string };

  constructor(status: number, body: Problem['body']) {
    super(body.message);
    this.status = status;
    this.body = body;
  }
}

/** Answers with what `work` gives as JSON, or with the problem it throws. */
export async function respond(work: () => Promise<object>): Promise<Response> {
  try {
    return Response.json(await work());
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return Response.json(error.body, { status: error.status });
  }
}

/** The JSON object that a request carries. */
export async function readBody(request: Request): Promise<Record<string, unknown>> {
  const body: unknown = await request.json().catch(() => undefined);
  if (typeof body === 'object' && body !== null) return body as Record<string, unknown>;
  throw new Problem(400, { error: 'invalid_body', message: 'Send a JSON object.' });
}

/** The app's name for this try: repeated, it gets the same payment. A fresh one without a name. */
export function attemptOf(request: Request): string {
  const key = request.headers.get('Idempotency-Key') ?? '';
  return /^[\w-]{8,64}$/.test(key) ? key : crypto.randomUUID();
}

/** Creates an object at Stripe, or gets the one that the same key created before. */
export function postToStripe<T>(
  path: string,
  params: Record<string, string>,
  idempotencyKey: string,
): Promise<T> {
  return callStripe<T>(path, {
    method: 'POST',
    headers: { 'Idempotency-Key': idempotencyKey },
    body: new URLSearchParams(params).toString(),
  });
}

// @if subscriptions
/** Reads from Stripe. */
export function getFromStripe<T>(path: string, query: Record<string, string>): Promise<T> {
  return callStripe<T>(`${path}?${new URLSearchParams(query)}`, { method: 'GET' });
}

// @end
async function callStripe<T>(
  path: string,
  { headers, ...init }: { method: string; headers?: Record<string, string>; body?: string },
): Promise<T> {
  const secretKey = process.env.STRIPE_SECRET_KEY;
  if (!secretKey) {
    throw new Problem(503, {
      error: 'not_configured',
      key: 'STRIPE_SECRET_KEY',
      message:
        'STRIPE_SECRET_KEY is not set on the server. Bring it into .env.local: in Graft, run ' +
        '`npm run -s env -- pull <project> <environment> --to <app>`. Then restart the server.',
    });
  }
  const reply = await fetch(`https://api.stripe.com${path}`, {
    ...init,
    headers: {
      ...headers,
      Authorization: `Bearer ${secretKey}`,
      'Content-Type': 'application/x-www-form-urlencoded',
      'Stripe-Version': apiVersion,
    },
  }).catch(() => undefined);
  if (reply?.ok) return reply.json();

  const told = await reply?.json().catch(() => undefined);
  console.error('Stripe did not start the payment:', reply?.status, told?.error?.message);
  throw new Problem(502, { error: 'stripe_failed', message: 'The payment could not be started.' });
}
