import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { type ErrorCode, GraftError, httpStatusOf } from '../contract/errors.ts';
import { isDatabaseUnavailable } from '../db/errors.ts';
import { describeError } from './describe-error.ts';
import { requestIdOf } from './request-id.ts';

const retryAfterSeconds = 5;

/** Errors of the body parser by their `type`, each with our code, the field and the fix: https://github.com/expressjs/body-parser#errors */
const bodyErrors: Readonly<Record<string, [ErrorCode, field: string, fix: string]>> = {
  'entity.too.large': ['body_too_large', 'body', 'The body is larger than this route takes; send less.'],
  'entity.parse.failed': ['invalid_request', 'body', 'The body is no JSON; check its quotes, commas and brackets.'],
  'charset.unsupported': ['unsupported_media_type', 'Content-Type', 'Send the body as JSON in UTF-8.'],
  'encoding.unsupported': ['unsupported_media_type', 'Content-Encoding', 'Send the body without a content encoding.'],
  'request.size.invalid': ['invalid_request', 'Content-Length', 'The body is not as long as its Content-Length says.'],
};

/** What an error means to the caller: our own as it is, a database or body that failed by name, all else `internal`. */
function toGraftError(error: unknown): GraftError {
  if (error instanceof GraftError) return error;
  if (isDatabaseUnavailable(error))
    return new GraftError('unavailable', 'The database cannot be reached now; try again soon.', { cause: error });
  const type: unknown = error instanceof Error ? Reflect.get(error, 'type') : undefined;
  const body = typeof type === 'string' ? bodyErrors[type] : undefined;
  if (body !== undefined) {
    const [code, field, fix] = body;
    return new GraftError(code, fix, { fields: [{ field, fix }] });
  }
  // What the router throws for a path such as /%E0%A4%A.
  if (error instanceof URIError)
    return new GraftError('not_found', 'There is nothing here: the path is not percent-encoded UTF-8.', {
      cause: error,
    });
  return new GraftError('internal', 'Something failed that should not.', { cause: error });
}

/** Answers with a problem document (RFC 9457); a 500 says the request id and nothing else. */
function sendProblem(response: Response, error: GraftError): void {
  const status = httpStatusOf(error.code);
  const requestId = requestIdOf(response);
  const shown = status >= 500 && error.code !== 'unavailable' ? 'internal' : error.code;
  if (status === 401) response.set('WWW-Authenticate', 'Bearer');
  if (status === 429 || status === 503 || error.retryAfterSeconds !== undefined)
    response.set('Retry-After', String(Math.ceil(error.retryAfterSeconds ?? retryAfterSeconds)));
  response
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `urn:graft:problem:${shown}`,
        title: titleOf(shown),
        status,
        code: shown,
        instance: `urn:graft:request:${requestId}`,
        requestId,
        ...(shown === 'internal'
          ? {}
          : {
              detail: error.message,
              ...(error.fields.length === 0 ? {} : { errors: error.fields }),
              ...(Object.keys(error.details).length === 0 ? {} : { details: error.details }),
            }),
      }),
    );
}

function titleOf(code: string): string {
  const words = code.replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** The last handler: every error becomes a problem document, and what is our fault goes to the log. */
export function problems(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const known = toGraftError(error);
    if (httpStatusOf(known.code) >= 500)
      log.error({ requestId: requestIdOf(response), error: describeError(error) }, 'request failed');
    if (response.headersSent) {
      next(known);
      return;
    }
    sendProblem(response, known);
  };
}
