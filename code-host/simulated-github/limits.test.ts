import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Octokit } from 'octokit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { refusal, startGithubUnderTest, type GithubUnderTest } from '../../test/harness/simulated-github.ts';
import { startSimulatedGithub } from './start.ts';

const shop = { owner: 'acme', repo: 'shop' };
let under: GithubUnderTest;
let rest: Octokit['rest'];

beforeAll(async () => {
  under = await startGithubUnderTest();
  await under.github.createRepository({ owner: 'acme', name: 'shop', files: { 'a.txt': 'a\n' } });
  ({ rest } = under.client(await under.github.personToken('acme')));
});

afterEach(() => under.proxy.assertDescribed());
afterAll(() => under.close());

test('every answer counts down, and a 304 costs nothing', async () => {
  const one = await rest.repos.get(shop);
  const two = await rest.repos.get(shop);
  const left = (answer: { headers: Record<string, unknown> }) => Number(answer.headers['x-ratelimit-remaining']);
  expect(left(two)).toBe(left(one) - 1);
  expect(one.headers).toMatchObject({
    'x-ratelimit-limit': '5000',
    'x-ratelimit-resource': 'core',
    'x-github-request-id': expect.stringMatching(/^[0-9A-F]{4}:/),
    'content-type': 'application/json; charset=utf-8',
  });
  const etag = one.headers.etag ?? '';
  const unchanged = await refusal(rest.repos.get({ ...shop, headers: { 'if-none-match': etag } }));
  expect(unchanged.status).toBe(304);
  const three = await rest.repos.get(shop);
  expect(left(three)).toBe(left(two) - 1);
});

test('the hour’s end is told with the time of the next one', async () => {
  under.github.setRateLimit({ limit: 5000, remaining: 1, resetInSeconds: 2 });
  await rest.repos.get(shop);
  const refused = await refusal(rest.repos.get(shop));
  expect(refused).toMatchObject({
    status: 403,
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': expect.stringMatching(/^\d+$/) },
    data: { message: expect.stringMatching(/^API rate limit exceeded for user ID \d+\./) },
  });
  under.github.setRateLimit({ limit: 5000, remaining: 5000, resetInSeconds: 3600 });
  expect((await rest.repos.get(shop)).status).toBe(200);
});

test.each([403, 429] as const)('a secondary limit answers %i and how long to wait', async (status) => {
  under.github.secondaryLimit({ retryAfter: 7, times: 2, status });
  for (let time = 0; time < 2; time++) {
    expect(await refusal(rest.repos.get(shop))).toMatchObject({
      status,
      headers: { 'retry-after': '7' },
      data: { message: expect.stringMatching(/^You have exceeded a secondary rate limit\./) },
    });
  }
  expect((await rest.repos.get(shop)).status).toBe(200);
});

test('requests are logged with the kind of their token', async () => {
  await refusal(under.client('nonsense').rest.repos.get(shop));
  await under.client().rest.repos.get(shop);
  const last = under.github.requests().slice(-2);
  expect(last).toEqual([
    { method: 'GET', path: '/repos/acme/shop', status: 401, token: 'wrong' },
    { method: 'GET', path: '/repos/acme/shop', status: 200, token: 'none' },
  ]);
});

test('a request without a user agent, or to nowhere, is refused', async () => {
  const answer = await fetch(`${under.github.url}/nowhere`);
  expect(await answer.json()).toEqual({
    message: 'Not Found',
    documentation_url: 'https://docs.github.com/rest',
    status: '404',
  });
  expect((await fetch(`${under.github.url}/user`, { headers: { 'user-agent': '' } })).status).toBe(403);
});

test('a simulator that starts again knows what it knew', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'simulated-github-again-'));
  const before = await startSimulatedGithub({ root });
  await before.createRepository({ owner: 'acme', name: 'kept', private: true, files: { 'a.txt': 'a\n' } });
  const token = await before.personToken('acme');
  const issues = async (url: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const wish = { method: 'POST', headers, body: JSON.stringify({ title: 'Kept' }) };
    return (await (await fetch(`${url}/repos/acme/kept/issues`, wish)).json()) as { number: number };
  };
  expect((await issues(before.url)).number).toBe(1);
  await before.close();
  const after = await startSimulatedGithub({ root });
  expect((await issues(after.url)).number).toBe(2);
  await after.close();
  await rm(root, { recursive: true, force: true });
});
