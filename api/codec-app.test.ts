import { randomBytes } from 'node:crypto';
import { type Server, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defaultPayloadConverter } from '@temporalio/common';
import pino from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { createPayloadCodec } from '../temporal/payload-codec.ts';
import { createCodecApp } from './codec-app.ts';

const origin = 'http://127.0.0.1:8233';
const codec = createPayloadCodec(randomBytes(32));
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(token?: string): Promise<number> {
  const log = pino({ level: 'silent' });
  const server = createServer(createCodecApp({ codec, origin, log, ...(token === undefined ? {} : { token }) }));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function encoded(text: string): Promise<string> {
  const [payload] = await codec.encode([defaultPayloadConverter.toPayload(text)]);
  const metadata = Object.entries(payload?.metadata ?? {}).map(([name, value]) => [
    name,
    Buffer.from(value).toString('base64'),
  ]);
  return JSON.stringify({
    payloads: [{ metadata: Object.fromEntries(metadata), data: Buffer.from(payload?.data ?? []).toString('base64') }],
  });
}

interface Reply {
  status: number;
  headers: Record<string, unknown>;
  text: string;
}

// Plain HTTP, because fetch sets Host and Origin itself.
function send(
  port: number,
  headers: Record<string, string>,
  body: string,
  path = '/codec/decode',
  method = 'POST',
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { port, host: '127.0.0.1', path, method, headers: { 'Content-Type': 'application/json', ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function decodedText(reply: Reply): unknown {
  const { payloads } = JSON.parse(reply.text) as { payloads: { data: string }[] };
  return JSON.parse(Buffer.from(payloads[0]?.data ?? '', 'base64').toString());
}

describe('the codec endpoint', () => {
  it('decodes for the Temporal UI and for programs without an origin', async () => {
    const port = await serve();
    const reply = await send(port, { Origin: origin, 'X-Namespace': '' }, await encoded('hello'));
    expect([reply.status, decodedText(reply)]).toEqual([200, 'hello']);
    expect(reply.headers['access-control-allow-origin']).toBe(origin);
    const plain = await send(port, {}, await encoded('hello'));
    expect([plain.status, plain.headers['access-control-allow-origin']]).toEqual([200, undefined]);
    const preflight = await send(port, { Origin: origin }, '', '/codec/decode', 'OPTIONS');
    expect([preflight.status, preflight.headers['access-control-allow-headers']]).toEqual([
      204,
      'Authorization, Content-Type, X-Namespace',
    ]);
  });

  it.each([
    ['another origin', { Origin: 'http://evil.example' }],
    ['an origin that only begins alike', { Origin: `${origin}.evil.example` }],
    ['a name that leads to loopback', { Host: 'evil.example' }],
  ])('refuses %s', async (_what, headers) => {
    const port = await serve();
    const reply = await send(port, headers, await encoded('hello'));
    expect([reply.status, reply.headers['access-control-allow-origin']]).toEqual([403, undefined]);
    expect((await send(port, headers, '', '/codec/decode', 'OPTIONS')).status).toBe(403);
  });

  it('with a token decodes only for who shows it', async () => {
    const token = 't'.repeat(40);
    const port = await serve(token);
    const body = await encoded('hello');
    expect((await send(port, {}, body)).status).toBe(401);
    expect((await send(port, { Authorization: `Bearer ${token}x` }, body)).status).toBe(401);
    expect((await send(port, { Authorization: `Bearer ${token}` }, body)).status).toBe(200);
  });

  it('does not encode, and refuses what is no list of payloads', async () => {
    const port = await serve();
    expect((await send(port, {}, await encoded('hello'), '/codec/encode')).status).toBe(404);
    expect((await send(port, {}, '{"payloads": 1}')).status).toBe(422);
    const foreign = createPayloadCodec(randomBytes(32));
    const [payload] = await foreign.encode([defaultPayloadConverter.toPayload('hello')]);
    const metadata = Object.fromEntries(
      Object.entries(payload?.metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
    );
    const reply = await send(
      port,
      {},
      JSON.stringify({ payloads: [{ metadata, data: Buffer.from(payload?.data ?? []).toString('base64') }] }),
    );
    expect([reply.status, reply.text.includes('hello')]).toEqual([500, false]);
  });
});
