import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reply } from './call.ts';
import { Problem } from './problem.ts';

const largestBody = 100 * 1024 ** 2;

/** GitHub's id of a request. */
export function newRequestId(): string {
  const part = (bytes: number) => randomBytes(bytes).toString('hex').toUpperCase();
  return `${part(2)}:${part(3)}:${part(3)}:${part(3)}:${part(4)}`;
}

/** All bytes of a request. */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > largestBody) throw new Problem(413, 'Payload too large');
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

/** A JSON object from the bytes of a request; empty when nothing was sent. */
export function parseBody(bytes: Buffer): Record<string, unknown> {
  if (bytes.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    throw new Problem(400, 'Problems parsing JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  // The labels of an issue may be sent as a bare list.
  if (Array.isArray(value)) return { labels: value };
  throw new Problem(400, 'Body should be a JSON object');
}

/** What a thrown thing is as an answer; what is no Problem is the simulator's own fault, and says so. */
export function replyOfError(error: unknown, docs: string): Reply {
  if (error instanceof Problem) {
    const { message, errors, documentation_url: own } = error.body ?? {};
    const body =
      error.body === null
        ? undefined
        : { message, errors, documentation_url: own ?? docs, status: String(error.status) };
    return { status: error.status, body, headers: error.headers };
  }
  const message = error instanceof Error ? `${error.message} ${String(error.cause ?? '')}`.trim() : String(error);
  return {
    status: 500,
    body: { message: `The simulated GitHub failed: ${message}`, documentation_url: docs, status: '500' },
  };
}

/** Sends a reply: JSON with an etag, bytes as they are, and 304 for what the caller has already. Gives the status. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  headers: Readonly<Record<string, string>>,
): number {
  const { body } = reply;
  const bytes = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const all: Record<string, string> = {
    'x-github-media-type': 'github.v3; format=json',
    ...headers,
    ...(bytes && { 'content-type': 'application/json; charset=utf-8' }),
    ...reply.headers,
  };
  if (request.method === 'GET' && reply.status === 200 && bytes) {
    const etag = `W/"${createHash('sha256').update(bytes).digest('hex')}"`;
    all['etag'] = etag;
    all['cache-control'] = 'private, max-age=60, s-maxage=60';
    all['vary'] = 'Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With';
    if (request.headers['if-none-match'] === etag) {
      delete all['content-type'];
      response.writeHead(304, all).end();
      return 304;
    }
  }
  if (bytes) all['content-length'] = String(bytes.length);
  response.writeHead(reply.status, all).end(bytes);
  return reply.status;
}
