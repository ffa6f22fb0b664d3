import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProbeHttp, isPublicAddress } from './probe-http.ts';

let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/elsewhere') response.writeHead(302, { location: '/v1' }).end();
    else if (request.url === '/huge') response.end('x'.repeat(3 * 1024 * 1024));
    else response.end(JSON.stringify({ path: request.url, host: request.headers.host }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const simulated = () => createProbeHttp(['api.example.com'], new Map([['api.example.com', origin]]));

describe('what a probe may call', () => {
  it('reaches the simulator that stands in for a host, with path and query', async () => {
    const response = await simulated().fetch('https://api.example.com/v1/balance?limit=1');
    expect(await response.json()).toMatchObject({ path: '/v1/balance?limit=1' });
  });

  it('reaches one simulator for every host that an entry with a wildcard names', async () => {
    const { fetch } = createProbeHttp(['*.example.net'], new Map([['*.example.net', origin]]));
    const response = await fetch('https://project.example.net/v1?limit=1');
    expect(await response.json()).toMatchObject({ path: '/v1?limit=1' });
    for (const host of ['example.net', 'a.project.example.net', 'project.example.net.evil.example']) {
      await expect(fetch(`https://${host}/v1`)).rejects.toMatchObject({
        message: expect.stringContaining('may not call'),
      });
    }
  });

  it.each([
    'https://evil.example.com/',
    'http://api.example.com/',
    'https://api.example.com:8443/',
    'https://api.example.com.evil.example/',
  ])('refuses %s, which no manifest names so', async (url) => {
    await expect(simulated().fetch(url)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('follows no redirect', async () => {
    await expect(simulated().fetch('https://api.example.com/elsewhere')).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
  });

  it('reads no more than a megabyte', async () => {
    const response = await simulated().fetch('https://api.example.com/huge');
    await expect(response.text()).rejects.toThrow();
  });

  it('does not connect to a name that resolves to this machine', async () => {
    const port = new URL(origin).port;
    const { fetch } = createProbeHttp(['localhost'], new Map());
    await expect(fetch(`https://localhost:${port}/`)).rejects.toMatchObject({ code: 'provider_unavailable' });
    const refused: unknown = await fetch('https://localhost/').catch((error: unknown) => error);
    expect(String((refused as { cause?: { cause?: unknown } }).cause?.cause)).toContain('not public');
  });
});

describe('public addresses', () => {
  it.each([
    ['8.8.8.8', 4, true],
    ['2606:4700::1111', 6, true],
    ['127.0.0.1', 4, false],
    ['10.1.2.3', 4, false],
    ['172.31.255.255', 4, false],
    ['192.168.0.1', 4, false],
    ['169.254.169.254', 4, false],
    ['100.64.0.1', 4, false],
    ['0.0.0.0', 4, false],
    ['::1', 6, false],
    ['fd00::1', 6, false],
    ['fe80::1', 6, false],
    ['::ffff:127.0.0.1', 6, false],
  ] as const)('%s: %s', (address, family, expected) => {
    expect(isPublicAddress(address, family)).toBe(expected);
  });
});
