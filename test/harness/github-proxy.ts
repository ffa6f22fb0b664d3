import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describedChecker, type Exchange } from './github-described.ts';

/** Something in a request or reply that is not as GitHub describes it. */
export interface Violation {
  method: string;
  url: string;
  status: number;
  fault: string;
}

/** What happens to requests that fit, the first few times. */
export interface FaultRule {
  method?: string;
  path: RegExp;
  times?: number;
  fault:
    | { kind: 'rate_limited'; status: 403 | 429; retryAfterSeconds: number }
    /** What a rule of the repository, or a missing permission, refuses. */
    | { kind: 'refused'; status: 403 | 422; message: string }
    /** 502 without the request ever arriving. */
    | { kind: 'bad_gateway' }
    /** The request does all it does, and then the connection breaks. */
    | { kind: 'reset_after_effect' }
    /** The reply that was given the last time, as a replica that lags gives it. */
    | { kind: 'stale' }
    | { kind: 'delay'; milliseconds: number };
}

export interface LoggedExchange {
  method: string;
  url: string;
  /** 0 when the connection was broken. */
  status: number;
  fault: FaultRule['fault']['kind'] | null;
}

export interface GithubProxy {
  url: string;
  violations(): readonly Violation[];
  /** Throws when anything was not as described. */
  assertDescribed(): void;
  /** Forgets what was found, for tests that send nonsense on purpose. */
  forgetViolations(): void;
  fail(rule: FaultRule): void;
  log(): readonly LoggedExchange[];
  /** Called when a request that writes had its effect, before its reply goes on. */
  afterWrite(happened: ((write: LoggedExchange) => Promise<void>) | undefined): void;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** Stands in front of a GitHub, checks all that passes against the published description, and makes faults on demand. */
export async function startGithubProxy(target: string): Promise<GithubProxy> {
  const check = await describedChecker();
  const violations: Violation[] = [];
  const log: LoggedExchange[] = [];
  const rules: (FaultRule & { left: number })[] = [];
  const last = new Map<string, Answer>();
  let afterWrite: ((write: LoggedExchange) => Promise<void>) | undefined;
  let origin = '';

  const ruleFor = (method: string, url: string) => {
    const rule = rules.find(
      (one) => one.left > 0 && (one.method === undefined || one.method === method) && one.path.test(url),
    );
    if (rule) rule.left--;
    return rule?.fault;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/' } = request;
    const body = await bytesOf(request);
    const fault = ruleFor(method, url);
    const entry = { method, url, status: 0, fault: fault?.kind ?? null };
    log.push(entry);
    if (fault?.kind === 'delay') await pause(fault.milliseconds);
    const key = `${method} ${url} ${request.headers.authorization ?? ''}`;
    const answer =
      madeUp(fault) ?? (fault?.kind === 'stale' ? last.get(key) : undefined) ?? (await forward(target, request, body));
    if (method === 'GET' && answer.status === 200) last.set(key, answer);
    const exchange: Exchange = {
      method,
      url,
      request: { type: String(request.headers['content-type'] ?? ''), body },
      reply: { status: answer.status, type: String(answer.headers['content-type'] ?? ''), body: answer.body },
    };
    for (const found of check(exchange)) violations.push({ method, url, status: answer.status, fault: found });
    if (method !== 'GET' && answer.status < 300) await afterWrite?.({ ...entry, status: answer.status });
    if (fault?.kind === 'reset_after_effect') {
      request.socket.destroy();
      return;
    }
    entry.status = answer.status;
    response.writeHead(answer.status, redirected(answer.headers, target, origin)).end(answer.body);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      const fault = `the proxy failed: ${String(error)}`;
      violations.push({ method: request.method ?? '', url: request.url ?? '', status: 0, fault });
      request.socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: origin,
    violations: () => violations,
    assertDescribed() {
      if (violations.length === 0) return;
      const lines = violations.map(({ method, url, status, fault }) => `${method} ${url} (${status}): ${fault}`);
      throw new Error(`Not as GitHub describes it:\n${lines.join('\n')}`);
    },
    forgetViolations: () => void violations.splice(0),
    fail: (rule) => void rules.push({ ...rule, left: rule.times ?? 1 }),
    log: () => log,
    afterWrite: (happened) => void (afterWrite = happened),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function madeUp(fault: FaultRule['fault'] | undefined): Answer | undefined {
  if (fault?.kind === 'bad_gateway') {
    const body = Buffer.from('<html><head><title>502 Bad Gateway</title></head></html>');
    return { status: 502, headers: { 'content-type': 'text/html' }, body };
  }
  if (fault?.kind === 'refused') {
    const { status, message } = fault;
    const said = { message, documentation_url: 'https://docs.github.com/rest', status: String(status) };
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    return { status, headers, body: Buffer.from(JSON.stringify(said)) };
  }
  if (fault?.kind !== 'rate_limited') return undefined;
  const body = {
    message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    documentation_url:
      'https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
    status: String(fault.status),
  };
  return {
    status: fault.status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'retry-after': String(fault.retryAfterSeconds),
    },
    body: Buffer.from(JSON.stringify(body)),
  };
}

async function forward(target: string, request: IncomingMessage, body: Buffer): Promise<Answer> {
  const { host } = new URL(target);
  return await new Promise((resolve, reject) => {
    const forwarded = httpRequest(
      new URL(request.url ?? '/', target),
      { method: request.method, headers: { ...request.headers, host, connection: 'close' } },
      (incoming) => {
        bytesOf(incoming).then((bytes) => {
          const headers: Answer['headers'] = {};
          for (const [name, value] of Object.entries(incoming.headers)) {
            if (value !== undefined && name !== 'connection' && name !== 'transfer-encoding') headers[name] = value;
          }
          resolve({ status: incoming.statusCode ?? 502, headers, body: bytes });
        }, reject);
      },
    );
    forwarded.on('error', reject);
    forwarded.end(body);
  });
}

// So that redirects and further pages come through here as well.
function redirected(headers: Answer['headers'], target: string, origin: string): Answer['headers'] {
  const moved: Answer['headers'] = { ...headers };
  for (const name of ['location', 'link']) {
    const value = moved[name];
    if (typeof value === 'string') moved[name] = value.replaceAll(target, origin);
  }
  return moved;
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
