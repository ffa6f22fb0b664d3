import { RequestError } from 'octokit';
import { GraftError } from '../../contract/errors.ts';
import { shownPermission } from './names.ts';

/** The request that failed: its route with the names of its parameters, never with what stood in them. */
export interface FailedRequest {
  route: string;
  repository: string;
  /** Where a person changes what the identity may do. */
  settings: string;
}

type Headers = Readonly<Record<string, string | number | undefined>>;

// A secondary limit without a time asks for at least a minute.
const secondsWithoutATime = 60;

/**
 * Our error for whatever came of a request to GitHub. `details` hold the status and what GitHub said, for callers that
 * know what it means; no header, body or address of the request is kept, because they can carry tokens and values.
 */
export function fromGithub(error: unknown, request: FailedRequest): unknown {
  if (error instanceof GraftError) return error;
  if (!(error instanceof RequestError)) return error;
  const { status, response } = error;
  if (response === undefined) {
    return new GraftError('unavailable', 'GitHub could not be reached, or broke off; it is tried again.', {
      cause: new Error(`${request.route}: ${error.message}`),
      retryAfterSeconds: 5,
    });
  }
  const said = /\/(?:secrets|variables)\b/.test(request.route) ? '' : wordsOf(response.data);
  return fromAnswer({ status, said, headers: response.headers as Headers }, request);
}

function fromAnswer(
  { status, said, headers }: { status: number; said: string; headers: Headers },
  request: FailedRequest,
): GraftError {
  const cause = new Error(`${request.route} was answered with ${status}${said === '' ? '' : `: ${said}`}`);
  const init = { cause, details: { status, said } };
  if (isLimit(status, said, headers)) {
    return new GraftError('rate_limited', 'GitHub asks for fewer requests; it is tried again after a while.', {
      ...init,
      retryAfterSeconds: secondsToWait(headers),
    });
  }
  if (status >= 500 || status === 408) {
    const message = `GitHub answered ${status}, which passes; it is tried again.`;
    return new GraftError('unavailable', message, { ...init, retryAfterSeconds: 5 });
  }
  if (status === 401) {
    const message = `GitHub does not know who we are: the token or the App's private key is not valid (any more). ${request.settings}`;
    return new GraftError('code_host_refused', message, init);
  }
  if (status === 404) {
    const message = `GitHub shows no such thing in ${request.repository} (${request.route}): it is gone, or our identity may not see it.`;
    return new GraftError('not_found', message, init);
  }
  if (status === 403) {
    const missing = missingOf(headers);
    const what = missing === '' ? `It says: ${said}` : `It needs ${missing}.`;
    const message = `GitHub does not allow ${request.route} in ${request.repository}. ${what} ${request.settings}`;
    return new GraftError('code_host_refused', message, { ...init, details: { ...init.details, missing } });
  }
  const message = `GitHub refused ${request.route} in ${request.repository} with ${status}${said === '' ? '' : `: ${said}`}.`;
  return new GraftError('code_host_refused', message, init);
}

/** Is this GitHub's answer with this status, and these words in what it said? */
export function isAnswer(error: unknown, status: number, words = /^/): error is GraftError {
  return error instanceof GraftError && error.details.status === status && words.test(String(error.details.said));
}

/** For `catch`: takes 404 for an answer, and nothing else. */
export function absentAtGithub(error: unknown): undefined {
  if (isAnswer(error, 404)) return undefined;
  throw error;
}

function isLimit(status: number, said: string, headers: Headers): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return isSpent(headers) || headers['retry-after'] !== undefined || /secondary rate limit|abuse detection/i.test(said);
}

function isSpent(headers: Headers): boolean {
  return String(headers['x-ratelimit-remaining']) === '0';
}

/** A little more than GitHub asks for, and not the same for all, so that a thousand that wait do not come at once. */
function secondsToWait(headers: Headers): number {
  const now = Date.parse(String(headers.date)) || Date.now();
  // A secondary limit says nothing of when the primary one, of which enough is left, begins anew.
  const reset = isSpent(headers) ? Number(headers['x-ratelimit-reset']) - now / 1000 : Number.NaN;
  const asked = [Number(headers['retry-after']), reset].find((seconds) => Number.isFinite(seconds) && seconds >= 0);
  return Math.ceil(Math.max(1, (asked ?? secondsWithoutATime) * (1 + Math.random() * 0.2)));
}

/** `pull_requests=write; issues=write` means one of both; `contents=read,issues=read` means all. */
function missingOf(headers: Headers): string {
  const accepted = String(headers['x-accepted-github-permissions'] ?? '');
  const sets = accepted.split(';').map((set) =>
    set
      .split(',')
      .flatMap((one) => {
        const [name = '', level = ''] = one.trim().split('=');
        return name === '' ? [] : [`“${shownPermission(name, level)}”`];
      })
      .join(' and '),
  );
  return sets.filter((set) => set !== '').join(' or ');
}

/** GitHub's words without the values that it repeats. */
function wordsOf(data: unknown): string {
  if (typeof data !== 'object' || data === null) return '';
  const { message, errors } = data as { message?: unknown; errors?: unknown };
  const details = Array.isArray(errors) ? errors.map((each: unknown) => detailOf(each)) : [];
  return [typeof message === 'string' ? message : '', ...details].filter((word) => word !== '').join(': ');
}

function detailOf(error: unknown): string {
  if (typeof error === 'string') return error;
  if (typeof error !== 'object' || error === null) return '';
  const { resource, field, code, message } = error as Readonly<Record<string, unknown>>;
  return [resource, field, code, message].filter((part) => typeof part === 'string').join(' ');
}

const statusOfGraphql: Readonly<Record<string, number>> = {
  RATE_LIMITED: 429,
  RATE_LIMIT: 429,
  NOT_FOUND: 404,
  FORBIDDEN: 403,
};

/** GraphQL says with 200 what REST says with a status: our error for it, undefined when it says that all went well. */
export function fromGraphql(
  { data, headers }: { data: unknown; headers: Headers },
  request: FailedRequest,
): GraftError | undefined {
  const errors = (data as { errors?: readonly { type?: string; message?: string }[] } | null)?.errors;
  if (errors === undefined) return undefined;
  const said = errors.map(({ message = '' }) => message).join('; ');
  return fromAnswer({ status: statusOfGraphql[errors[0]?.type ?? ''] ?? 422, said, headers }, request);
}
