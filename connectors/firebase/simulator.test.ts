import { createSign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Simulator } from '../../contract/connector.ts';
import { firebase } from './index.ts';
import { apiKey, keyFile, recorded } from './samples.ts';

const KeyFile = z.object({ private_key: z.string(), client_email: z.string() });

describe('the simulator', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await (await firebase.loadSimulator())();
  });
  afterAll(() => simulator.close());

  const webConfig = '/v1alpha/projects/-/apps/1:123456789012:web:0123456789abcdef012345/webConfig';
  const ask = (path: string, headers: Record<string, string>) => fetch(`${simulator.url}${path}`, { headers });
  const askToken = (claim: Record<string, unknown> = {}, word = 'good', algorithm = 'RS256') => {
    const { private_key: key, client_email: iss } = KeyFile.parse(JSON.parse(keyFile(word)));
    const iat = Math.floor(Date.now() / 1000);
    const full = { iss, scope: 'x', aud: 'https://oauth2.googleapis.com/token', iat, exp: iat + 60, ...claim };
    const text = [{ alg: algorithm }, full]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const assertion = `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
    const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
    return fetch(`${simulator.url}/token`, { method: 'POST', body });
  };

  it.each([
    ['good', webConfig, 'web-config'],
    ['good', '/v1/projects', 'auth-project'],
    ['revoked', webConfig, 'invalid-key'],
    ['expired', webConfig, 'expired-key'],
    ['referrer', webConfig, 'key-referrer-blocked'],
    ['narrow', webConfig, 'key-service-blocked'],
    ['noauth', '/v1/projects', 'configuration-not-found'],
    ['ratelimited', webConfig, 'rate-limited'],
  ])('answers a %s key at %s in the shape of %s', async (word, path, name) => {
    const reply = await ask(path, { 'x-goog-api-key': apiKey(word) });
    const { status, body } = recorded(name);
    const said: unknown = await reply.json();
    expect(reply.status).toBe(status);
    expect(keysOf(said).filter((key) => !keysOf(body).includes(key) && key !== 'apiKey')).toEqual([]);
    const reasons = (value: unknown) => JSON.stringify(value).match(/"reason":"[A-Z_]+"/g);
    expect(reasons(said)).toEqual(reasons(body));
  });

  it('gives a token for a claim that is signed as Google wants it, and the project for the token', async () => {
    const reply = await askToken();
    expect(reply.status).toBe(200);
    const { access_token: token } = z.object({ access_token: z.string() }).parse(await reply.json());
    const read = await ask('/v1beta1/projects/my-project', { authorization: `Bearer ${token}` });
    expect(await read.json()).toMatchObject({ projectId: 'my-project', projectNumber: '123456789012' });
    expect((await ask('/v1beta1/projects/other-project', { authorization: `Bearer ${token}` })).status).toBe(403);
    expect((await ask('/v1beta1/projects/my-project', { 'x-goog-api-key': apiKey('good') })).status).toBe(401);
    expect((await ask(webConfig, { authorization: `Bearer ${token}` })).status).toBe(401);
  });

  it.each([
    ['another audience', { aud: 'https://example.com' }, 'good', 'RS256'],
    ['a long life', { exp: Math.floor(Date.now() / 1000) + 7200 }, 'good', 'RS256'],
    ['an old claim', { iat: 1_700_000_000, exp: 1_700_000_060 }, 'good', 'RS256'],
    ['another algorithm', {}, 'good', 'HS256'],
    ['no scope', { scope: '' }, 'good', 'RS256'],
    ['a deleted key', {}, 'revoked', 'RS256'],
  ])('gives no token for %s', async (_, claim, word, algorithm) => {
    const reply = await askToken(claim, word, algorithm);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ error: expect.stringMatching(/^invalid_/) });
  });
});

const keysOf = (value: unknown): string[] =>
  Object.entries((value ?? {}) as object).flatMap(([key, inner]) => [
    key,
    ...(typeof inner === 'object' && !Array.isArray(inner) ? keysOf(inner) : []),
  ]);
