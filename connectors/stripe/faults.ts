import Stripe from 'stripe';
import { GraftError } from '../../contract/errors.ts';

/**
 * What an error of the Stripe client means: a permission that a genuine key lacks, or an error to throw. Nothing that Stripe
 * said is repeated but the name of a permission, because a reply may carry a part of the key.
 */
export function faultOf(error: unknown): { permission: string } | { error: GraftError } {
  if (!(error instanceof Stripe.errors.StripeError)) {
    return unavailable('Stripe gave no usable answer. Try again later.', { cause: error });
  }
  const details = { status: error.statusCode, requestId: error.requestId };
  if (error instanceof Stripe.errors.StripePermissionError) {
    return { permission: /'(rak_[a-z_]+)'/.exec(error.message)?.[1] ?? 'a permission without a name' };
  }
  if (error instanceof Stripe.errors.StripeAuthenticationError) return { error: rejected(error.code, details) };
  if (error instanceof Stripe.errors.StripeRateLimitError) {
    const retryAfterSeconds = secondsOf(error.headers?.['retry-after']);
    return unavailable('Stripe takes no more requests of this account at the moment. Try again in a little while.', {
      details,
      retryAfterSeconds,
    });
  }
  if (error instanceof Stripe.errors.StripeConnectionError) {
    return unavailable('Stripe could not be reached in time. Try again later.', { cause: error });
  }
  return unavailable('Stripe has a problem of its own or gave no usable answer. Try again later.', { details });
}

function rejected(code: string | undefined, details: Record<string, unknown>): GraftError {
  const page = 'https://dashboard.stripe.com/apikeys';
  const message =
    code === 'api_key_expired'
      ? `The secret key has expired. Create or roll a key at ${page} and paste the new one.`
      : `Stripe does not know the secret key, or it was revoked. Copy a current key from ${page}.`;
  return new GraftError('credentials_rejected', message, { fields: [{ field: 'secretKey', fix: message }], details });
}

function unavailable(
  message: string,
  init: { cause?: unknown; details?: Record<string, unknown>; retryAfterSeconds?: number | undefined },
): { error: GraftError } {
  return { error: new GraftError('provider_unavailable', message, init) };
}

/** Seconds of a `Retry-After` header, which is a number or a date. */
function secondsOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.max(seconds, 0) : undefined;
}
