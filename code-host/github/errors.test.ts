import { RequestError } from 'octokit';
import { expect, it } from 'vitest';
import { GraftError } from '../../contract/errors.ts';
import { fromGithub } from './errors.ts';

const request = { route: 'GET /repos/{owner}/{repo}', repository: 'octo/app', settings: '' };
const now = Date.parse('2026-01-01T00:00:00Z');
const reset = (seconds: number) => String(now / 1000 + seconds);

function secondsAsked(status: number, message: string, headers: Record<string, string>): number | undefined {
  const given = { ...headers, date: new Date(now).toUTCString() };
  const response = { status, url: '', retryCount: 0, headers: given, data: { message } };
  const error = new RequestError(message, status, {
    request: { method: 'GET', url: 'https://api.github.com/', headers: {} },
    response,
  });
  const ours = fromGithub(error, request);
  expect(ours).toMatchObject({ code: 'rate_limited' });
  return ours instanceof GraftError ? ours.retryAfterSeconds : undefined;
}

it.each([
  ['a secondary limit without a time', 403, { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': reset(3) }, 60],
  ['a 429 without a time', 429, { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': reset(3000) }, 60],
  ['a time', 403, { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': reset(3), 'retry-after': '30' }, 30],
  ['the primary limit', 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset(600) }, 600],
])('%s: is waited for as GitHub asks, and a fifth longer at most', (_what, status, headers, seconds) => {
  const asked = secondsAsked(status, 'You have exceeded a secondary rate limit.', headers);
  expect(asked).toBeGreaterThanOrEqual(seconds);
  expect(asked).toBeLessThanOrEqual(seconds * 1.2 + 1);
});
