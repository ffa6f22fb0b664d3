import { z } from 'zod';
import { GraftError } from '../../contract/errors.ts';
import { serviceAccountsPage, settingsPage } from './credentials.ts';

export type Field =
  | 'apiKey'
  | 'authDomain'
  | 'projectId'
  | 'messagingSenderId'
  | 'appId'
  | 'storageBucket'
  | 'measurementId'
  | 'serviceAccount';

/** What an answer of Google's APIs says went wrong: a status such as `PERMISSION_DENIED`, a reason such as `API_KEY_INVALID`. */
export interface Problem {
  status: string;
  reasons: readonly string[];
  message: string;
}

const ApiProblem = z.object({
  error: z.object({
    status: z.string().default(''),
    message: z.string().default(''),
    details: z.array(z.object({ reason: z.string().optional() })).default([]),
  }),
});
// The token endpoint speaks OAuth instead.
const TokenProblem = z.object({ error: z.string(), error_description: z.string().default('') });

/** Reads a problem out of the body of a reply; empty where there is none. */
export function problemOf(body: unknown): Problem {
  const api = ApiProblem.safeParse(body).data?.error;
  if (api) {
    const reasons = api.details.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
    return { status: api.status, reasons, message: api.message };
  }
  const token = TokenProblem.safeParse(body).data;
  return { status: token?.error ?? '', reasons: [], message: token?.error_description ?? '' };
}

/** The error of a reply that says nothing about the credentials: too many requests, or Google's own trouble; undefined for all others. */
export function outage(reply: Response, { status }: Problem): GraftError | undefined {
  const details = { status: reply.status };
  if (reply.status === 429 || status === 'RESOURCE_EXHAUSTED') {
    const retryAfterSeconds = secondsOf(reply.headers.get('retry-after'));
    return new GraftError('provider_unavailable', 'Google takes no more requests now. Try again in a while.', {
      details,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
  }
  if (reply.status < 500) return undefined;
  return new GraftError('provider_unavailable', 'Firebase has a problem of its own. Try again later.', { details });
}

/** Credentials that Firebase does not take; the fix is the message. */
export function rejected(field: Field, message: string): GraftError {
  return new GraftError('credentials_rejected', message, { fields: [{ field, fix: message }] });
}

/** The apiKey is none that Google takes. Nothing that Google said is repeated: it may quote the key. */
export function apiKeyRejected({ message }: Problem): GraftError {
  const why = /expired/i.test(message)
    ? 'The apiKey has expired.'
    : 'Google does not know the apiKey: it was deleted, or is not copied whole.';
  return rejected('apiKey', `${why} Copy a current one from the web app's config at ${settingsPage}.`);
}

/** The key of the service account is none that Google takes. */
export function serviceAccountRejected(): GraftError {
  return rejected(
    'serviceAccount',
    `Google does not take the key of the service account: it was deleted or disabled, has expired, or its account is gone. Make a new key at ${serviceAccountsPage}.`,
  );
}

/** The credentials are genuine, but may not do something that is named. */
export function permissionMissing(field: Field, permission: string, fix: string): GraftError {
  return new GraftError('permission_missing', `The credentials are genuine, but lack ${permission}. ${fix}`, {
    fields: [{ field, fix }],
    details: { permissions: [permission] },
  });
}

/** No answer at all. */
export function unreachable(cause: unknown): GraftError {
  return new GraftError('provider_unavailable', 'Firebase did not answer. Try again later.', { cause });
}

/** An answer that is none of Google's. */
export function nonsense(): GraftError {
  return new GraftError(
    'provider_unavailable',
    'Firebase answered with something that is no answer of its API. Try again later.',
  );
}

/** Seconds of a `Retry-After` header, which is a number or a date. */
function secondsOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.max(seconds, 0) : undefined;
}
