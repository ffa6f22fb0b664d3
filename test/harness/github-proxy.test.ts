import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startGithubProxy, type GithubProxy } from './github-proxy.ts';

let upstream: Server;
let proxy: GithubProxy;
let answer: { status: number; body: unknown; headers?: Record<string, string> };
let arrived = 0;

const label = {
  id: 1,
  node_id: 'LA_1',
  url: 'https://api.github.com/repos/acme/shop/labels/bug',
  name: 'bug',
  description: null,
  color: 'ededed',
  default: false,
};

beforeAll(async () => {
  upstream = createServer((request, response) => {
    arrived++;
    request.resume();
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  proxy = await startGithubProxy(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
});

beforeEach(() => {
  arrived = 0;
  answer = { status: 200, body: label };
  proxy.forgetViolations();
});

afterAll(async () => {
  await proxy.close();
  upstream.close();
});

const get = (path: string) => fetch(`${proxy.url}${path}`);
const found = () => proxy.violations().map(({ fault }) => fault);

test('what is as described passes', async () => {
  expect(await (await get('/repos/acme/shop/labels/bug')).json()).toEqual(label);
  expect(found()).toEqual([]);
  proxy.assertDescribed();
});

test('a reply that lacks a property, has a wrong one, or another status is found', async () => {
  answer.body = { ...label, color: undefined, id: 'one' };
  await get('/repos/acme/shop/labels/bug');
  expect(found()).toEqual([
    expect.stringContaining("must have required property 'color'"),
    expect.stringContaining('/id must be integer'),
  ]);
  expect(() => proxy.assertDescribed()).toThrow("must have required property 'color'");
  proxy.forgetViolations();
  answer.status = 202;
  await get('/repos/acme/shop/labels/bug');
  expect(found()).toEqual(['reply: status 202 is not described']);
});

test('a request with a wrong body, a wrong parameter or to a wrong place is found', async () => {
  answer.status = 201;
  const post = (body: object) =>
    fetch(`${proxy.url}/repos/acme/shop/labels`, { method: 'POST', body: JSON.stringify(body) });
  await post({ name: 'bug' });
  expect(found()).toEqual([]);
  await post({ name: 1 });
  expect(found()).toEqual([expect.stringContaining('request: /name must be string')]);
  proxy.forgetViolations();
  answer = { status: 200, body: [] };
  await get('/repos/acme/shop/pulls?state=ajar&nonsense=1');
  expect(found()).toEqual([
    'query: nonsense is not described',
    expect.stringContaining('query: state: /value must be equal to one of the allowed values'),
  ]);
  proxy.forgetViolations();
  await get('/nowhere');
  expect(found()).toEqual(['GET /nowhere is not described']);
});

test('redirects and further pages lead through the proxy', async () => {
  const target = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  answer.headers = { link: `<${target}/x?page=2>; rel="next"` };
  const { headers } = await get('/repos/acme/shop/labels/bug');
  expect(headers.get('link')).toBe(`<${proxy.url}/x?page=2>; rel="next"`);
});

test('faults happen as often as asked, to what fits', async () => {
  const path = /labels\/bug/;
  proxy.fail({ path, fault: { kind: 'rate_limited', status: 429, retryAfterSeconds: 3 } });
  proxy.fail({ path, fault: { kind: 'bad_gateway' }, times: 2 });
  proxy.fail({ path, method: 'POST', fault: { kind: 'bad_gateway' } });
  const statuses = [];
  for (let time = 0; time < 4; time++) statuses.push((await get('/repos/acme/shop/labels/bug')).status);
  expect(statuses).toEqual([429, 502, 502, 200]);
  expect(arrived).toBe(1);
  expect(found()).toEqual([]);

  proxy.fail({ path, fault: { kind: 'reset_after_effect' } });
  await expect(get('/repos/acme/shop/labels/bug')).rejects.toThrow();
  expect(arrived).toBe(2);
  answer.body = { ...label, color: 'ffffff' };
  proxy.fail({ path, fault: { kind: 'stale' } });
  expect(await (await get('/repos/acme/shop/labels/bug')).json()).toMatchObject({ color: 'ededed' });
  proxy.fail({ path, fault: { kind: 'delay', milliseconds: 50 } });
  expect(await (await get('/repos/acme/shop/labels/bug')).json()).toMatchObject({ color: 'ffffff' });
  expect(proxy.log().slice(-3)).toMatchObject([
    { status: 0, fault: 'reset_after_effect' },
    { status: 200, fault: 'stale' },
    { status: 200, fault: 'delay' },
  ]);
});
