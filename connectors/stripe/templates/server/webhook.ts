import { onStripeEvent } from './on-stripe-event';
import { Problem, respond } from './stripe-api';

/** What Stripe tells of; `object` is what it is about, such as a payment, in the form of the endpoint's API version. */
export interface StripeEvent {
  id: string;
  type: string;
  livemode: boolean;
  data: { object: Record<string, unknown> };
}

const toleranceSeconds = 300;

/** Takes a delivery of Stripe: verifies its signature, then runs `onStripeEvent`; what that throws has Stripe deliver again. */
export function receiveStripeEvent(request: Request): Promise<Response> {
  return respond(async () => {
    const secret = process.env.STRIPE_WEBHOOK_SECRET;
    if (!secret) {
      throw new Problem(503, {
        error: 'not_configured',
        key: 'STRIPE_WEBHOOK_SECRET',
        message:
          'STRIPE_WEBHOOK_SECRET is not set on the server. Bring it into .env.local: in Graft, run ' +
          '`npm run -s env -- pull <project> <environment> --to <app>`. Then restart the server.',
      });
    }
    // The signature is over the bytes as they came, so they are read before they are parsed.
    const body = await request.text();
    if (!(await isSigned(body, request.headers.get('Stripe-Signature') ?? '', secret))) {
      throw new Problem(400, { error: 'invalid_signature', message: 'Stripe did not sign this.' });
    }
    const event = JSON.parse(body) as StripeEvent;
    await onStripeEvent(event);
    return { received: event.id };
  });
}

/** Is there a signature of this body in the header that is not too old? The secret may have several while it is rolled. */
async function isSigned(body: string, header: string, secret: string): Promise<boolean> {
  const parts = header.split(',').map((part) => part.trim().split('=', 2));
  const time = parts.find(([name]) => name === 't')?.[1] ?? '';
  if (!/^\d+$/.test(time) || Number(time) < Date.now() / 1000 - toleranceSeconds) return false;
  const bytesOf = (text: string) => new TextEncoder().encode(text);
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytesOf(secret), hmac, false, ['verify']);
  const signed = bytesOf(`${time}.${body}`);
  for (const [name, value = ''] of parts) {
    if (name !== 'v1' || !/^[0-9a-f]{64}$/.test(value)) continue;
    const signature = Uint8Array.from(value.match(/../g) ?? [], (pair) => parseInt(pair, 16));
    if (await crypto.subtle.verify('HMAC', key, signature, signed)) return true;
  }
  return false;
}
