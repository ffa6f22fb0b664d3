import { Octokit, RequestError } from 'octokit';
import { GraftError } from '../../contract/errors.ts';
import type { BoundedCache } from './bounded-cache.ts';
import { fromGithub, fromGraphql } from './errors.ts';

const millisecondsPerRequest = 30_000;

/** A request that was made, for who counts or logs them; its route has the names of parameters, not their values. */
export interface MadeRequest {
  route: string;
  /** 0 when there was no answer. */
  status: number;
}

type Response = Awaited<ReturnType<Octokit['request']>>;

/** A changeable thing as GitHub gave it last, which it need not send again while it is the same. */
export interface Conditional {
  etag: string;
  response: Response;
}

export interface OctokitOptions {
  apiUrl: string;
  conditional: BoundedCache<Conditional>;
  /** Where a person changes what the identity may do. */
  settings: string;
  onRequest: ((made: MadeRequest) => void) | undefined;
  /** As octokit takes it: a token, or a strategy with its options. */
  auth: ConstructorParameters<typeof Octokit>[0];
}

/**
 * An octokit that throws our errors, waits for nothing (who calls has a retry delay), and asks for what it has read
 * before only if it changed.
 */
export function makeOctokit({ apiUrl, conditional, settings, onRequest, auth }: OctokitOptions): Octokit {
  const octokit = new Octokit({
    ...auth,
    baseUrl: apiUrl,
    userAgent: 'graft',
    throttle: { enabled: false },
    retry: { enabled: false },
    // Its warnings carry addresses with parameters.
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });

  octokit.hook.wrap('request', async (send, options) => {
    const route = `${options.method} ${options.url.replace(apiUrl, '').replace(/\?.*$/, '')}`;
    const repository =
      options.owner === undefined ? 'the repository' : `${String(options.owner)}/${String(options.repo)}`;
    const request = { route, repository, settings };
    const { url } = octokit.request.endpoint(options);
    const isConditional = options.method === 'GET' && options.request.parseSuccessResponseBody !== false;
    const known = isConditional && !isImmutable(url) ? conditional.get(url) : undefined;
    // What the hooks inside get is this very object; its parts are shared with other requests.
    options.headers = {
      ...options.headers,
      'x-github-api-version': '2022-11-28',
      ...(known && { 'if-none-match': known.etag }),
    };
    options.request = { signal: AbortSignal.timeout(millisecondsPerRequest), ...options.request };
    try {
      const response = await send(options);
      onRequest?.({ route, status: response.status });
      if (isBrokenOff(response, options.method)) throw brokenOff(route);
      // What octokit makes of it is thrown outside of this hook.
      const refusal = options.url.endsWith('/graphql') ? fromGraphql(response, request) : undefined;
      if (refusal !== undefined) throw refusal;
      const { etag } = response.headers;
      if (isConditional && etag !== undefined && !isImmutable(url)) {
        // octokit's paging rewrites the answer it gets, so what is kept is a copy, and is given out as one.
        conditional.set(url, { etag, response: structuredClone(response) }, sizeOf(response.data));
      }
      return response;
    } catch (error) {
      if (error instanceof RequestError) {
        const status = error.response?.status ?? 0;
        onRequest?.({ route, status });
        if (status === 304 && known !== undefined) return structuredClone(known.response);
      }
      throw fromGithub(error, request);
    }
  });
  return octokit;
}

/** What a git id names stays as it is, and is kept elsewhere. */
function isImmutable(url: string): boolean {
  return /\/(?:git\/(?:commits|trees|blobs)|compare|tarball)\//.test(url);
}

/** octokit reads large numbers as bigint, which JSON cannot write. */
function sizeOf(data: unknown): number {
  return JSON.stringify(data, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)).length;
}

/** octokit takes the half of an answer for text; a write may be answered with nothing. */
function isBrokenOff({ headers, data }: Response, method: string): boolean {
  if (typeof data !== 'string' || !/json/.test(headers['content-type'] ?? '')) return false;
  return data !== '' || method === 'GET' || Number(headers['content-length'] ?? 0) > 0;
}

function brokenOff(route: string): GraftError {
  return new GraftError('unavailable', 'GitHub broke off in the middle of an answer; it is tried again.', {
    cause: new Error(`${route}: the answer is no whole JSON`),
    retryAfterSeconds: 5,
  });
}

function quiet(): void {}
