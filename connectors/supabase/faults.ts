import { GraftError } from '../../contract/errors.ts';
import { keysPage } from './credentials.ts';

export type Field = 'publishableKey' | 'secretKey';
const names = { publishableKey: 'publishable key', secretKey: 'secret key' };

/**
 * The error that a reply of any of the project's services means whatever was asked: no key let in, too many requests, a project
 * that is paused, restricted or broken; undefined for all others. Nothing that Supabase said is repeated: it may quote the key.
 */
export function refusal(
  reply: Response,
  problem: { code?: string | number | undefined; message?: string | undefined },
  of: { field: Field; ref: string },
): GraftError | undefined {
  const { status } = reply;
  const details = { status };
  const project = `https://supabase.com/dashboard/project/${of.ref}`;
  if (status === 429) {
    const retryAfterSeconds = secondsOf(reply.headers.get('retry-after'));
    return new GraftError('provider_unavailable', 'The project takes no more requests now. Try again in a while.', {
      details,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
  }
  if (status === 402) {
    const message = `Supabase restricts the project, for its use or an open bill. See ${project}, then try again.`;
    return new GraftError('provider_unavailable', message, { details });
  }
  if (status === 540) {
    const message = `The project is paused. Restore it at ${project}, wait until it runs, then try again.`;
    return new GraftError('provider_unavailable', message, { details });
  }
  if (status >= 500) {
    const message = 'The project has a problem of its own, or is just starting. Try again later.';
    return new GraftError('provider_unavailable', message, { details });
  }
  // A code of Postgres means that the key was let in: it is a grant that lacks.
  if (status !== 401 || problem.code === '42501') return undefined;
  if (/legacy api keys are disabled/i.test(problem.message ?? '')) return rejected('disabled', of.field);
  return rejected(/expired/i.test(problem.message ?? '') ? 'expired' : 'unknown', of.field);
}

/** A key that the project does not let in. */
export function rejected(why: 'unknown' | 'expired' | 'disabled', field: Field): GraftError {
  const copy = `Copy a current one from ${keysPage}.`;
  const message = {
    unknown: `The project does not know the ${names[field]}: it was deleted, or is of another project than the project URL. ${copy}`,
    expired: `The ${names[field]} has expired. ${copy}`,
    disabled: `Legacy keys are disabled in the project, and the ${names[field]} is one. ${copy}`,
  }[why];
  return new GraftError('credentials_rejected', message, { fields: [{ field, fix: message }] });
}

/** No answer at all. */
export function unreachable(ref: string, cause: unknown): GraftError {
  const message = `${ref}.supabase.co did not answer. Compare the project URL with the dashboard, a deleted project has no address, or try again later.`;
  return new GraftError('provider_unavailable', message, { cause });
}

/** An answer that is none of Supabase's. */
export function nonsense(): GraftError {
  return new GraftError(
    'provider_unavailable',
    'The project answered with something that is no answer of Supabase. Try again later.',
  );
}

/** Seconds of a `Retry-After` header, which is a number or a date. */
function secondsOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.max(seconds, 0) : undefined;
}
