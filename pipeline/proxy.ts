import { chmod, rm } from 'node:fs/promises';
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import { type Socket, connect } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { makeScratch } from './scratch.ts';

export interface Proxy {
  /** Path of the Unix socket that it listens on; the only way out of a network namespace that has none. */
  socket: string;
  /** What was asked for and not named by the operator, as `host:port`. */
  refused(): readonly string[];
  /** What is named by the operator and could not be connected to. */
  unreachable(): readonly string[];
  close(): Promise<void>;
}

/** Different refusals that are remembered; a hostile program may ask for any number. */
const remembered = 50;

/**
 * Starts an HTTP proxy that tunnels and forwards to the given hosts (`host`, or `host:port` for another port than the
 * protocol's) and answers 403 for any other, without a look-up: neither names nor addresses reach anything else.
 */
export async function startProxy(hosts: ReadonlySet<string>): Promise<Proxy> {
  const folder = await makeScratch('proxy');
  const socket = join(folder, 'socket');
  const refused = new Set<string>();
  const unreachable = new Set<string>();
  const open = new Set<Duplex>();
  const server = createServer((asked, answer) => forward(asked, answer));
  server.on('connect', (asked: IncomingMessage, client: Socket, head: Buffer) => tunnel(asked, client, head));
  server.on('connection', keep);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  await chmod(socket, 0o600);
  return {
    socket,
    refused: () => [...refused],
    unreachable: () => [...unreachable],
    async close() {
      for (const stream of open) stream.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };

  function keep(stream: Duplex): void {
    open.add(stream);
    stream.once('close', () => open.delete(stream));
    // Whoever hangs up, the other end is told by the closing; there is nobody else to tell.
    stream.on('error', () => stream.destroy());
  }

  function isNamed(host: string, port: string): boolean {
    if (hosts.has(`${host}:${port}`) || ((port === '443' || port === '80') && hosts.has(host))) return true;
    if (refused.size < remembered) refused.add(`${host}:${port}`);
    return false;
  }

  /** `CONNECT host:port`: bytes both ways. */
  function tunnel(asked: IncomingMessage, client: Socket, head: Buffer): void {
    const target = URL.canParse(`http://${asked.url}`) ? new URL(`http://${asked.url}`) : undefined;
    const [host, port] = [target?.hostname ?? '', target?.port || '80'];
    if (target === undefined || !isNamed(host, port)) return void client.end(`HTTP/1.1 403 Forbidden\r\n\r\n`);
    let connected = false;
    const upstream = connect(Number(port), bare(host), () => {
      connected = true;
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    keep(upstream);
    upstream.once('error', () => {
      if (!connected) unreachable.add(`${host}:${port}`);
      client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    client.once('close', () => upstream.destroy());
  }

  /** `GET http://host/path`, as clients ask a proxy for what is not encrypted. */
  function forward(asked: IncomingMessage, answer: ServerResponse): void {
    const target = URL.canParse(asked.url ?? '') ? new URL(asked.url ?? '') : undefined;
    if (target?.protocol !== 'http:' || !isNamed(target.hostname, target.port || '80'))
      return void answer.writeHead(403).end();
    const { 'proxy-connection': _, ...headers } = asked.headers;
    const { hostname, port, pathname, search } = target;
    const upstream = request(
      { host: bare(hostname), port: port || 80, path: pathname + search, method: asked.method, headers },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(answer);
      },
    );
    upstream.on('socket', keep);
    upstream.once('error', () => {
      if (answer.headersSent) return void answer.destroy();
      unreachable.add(target.host);
      answer.writeHead(502).end();
    });
    asked.pipe(upstream);
  }
}

/** An IPv6 address is in brackets in a URL, and not where it is connected to. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
