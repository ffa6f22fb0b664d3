import { createPublicKey, verify } from 'node:crypto';
import { inspect } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Probe } from '../../contract/connector.ts';
import { GraftError } from '../../contract/errors.ts';
import { firebase } from './index.ts';
import { type Recorded, apiKey, credentials, keyFile, recorded } from './samples.ts';

const webConfig = '/v1alpha/projects/-/apps/1:123456789012:web:0123456789abcdef012345/webConfig';
const auth = '/v1/projects';
const token = '/token';
const project = '/v1beta1/projects/my-project';

describe('replies in the shape of Google', () => {
  let probe: Probe;
  beforeAll(async () => {
    probe = await firebase.loadProbe();
  });
  const all = {
    [webConfig]: 'web-config',
    [auth]: 'auth-project',
    [token]: 'token',
    [project]: 'project',
  };
  /** Replays a fixture, or a reply of one's own, for each path, and keeps what was asked. */
  const run = async (
    change: Record<string, string | Recorded> = {},
    options: Record<string, unknown> = {},
    values: Record<string, string> = credentials(),
  ) => {
    const asked: Request[] = [];
    const report = await probe({
      credentials: values,
      options,
      environment: 'development',
      http: {
        fetch: async (input, init) => {
          const request = new Request(input, init);
          asked.push(request);
          const { pathname } = new URL(request.url);
          const reply = { ...all, ...change }[pathname] ?? expect.fail(`it asked for ${pathname}`);
          const { status, headers, body } = typeof reply === 'string' ? recorded(reply) : reply;
          return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
        },
      },
    });
    return { ...report, said: report.notes.join(' '), asked };
  };
  const { serviceAccount: _, ...publicOnly } = credentials();

  it('names the project and says what was checked and what could not be', async () => {
    const report = await run();
    expect(report).toMatchObject({ account: 'the Firebase project my-project', mode: undefined });
    expect(report.said).toMatch(/Authentication is set up.*genuine.*security rules/s);
    expect(report.said).not.toContain('My project');
    const shared = await run({}, {}, publicOnly);
    expect(shared.said).toContain('Without a service account');
    expect(shared.asked).toHaveLength(2);
  });

  it('asks the hosts of the manifest alone, the key in a header, and for Auth only where it is wanted', async () => {
    const { asked } = await run();
    expect(asked.map(({ url }) => new URL(url).host).filter((host) => !firebase.manifest.hosts.includes(host))).toEqual(
      [],
    );
    expect(asked.map(({ url }) => url).join()).not.toContain('AIza');
    expect(asked[0]?.headers.get('x-goog-api-key')).toBe(credentials().apiKey);
    expect((await run({}, { auth: false })).asked.map(({ url }) => new URL(url).pathname)).toEqual([
      webConfig,
      token,
      project,
    ]);
  });

  it('signs a short claim that may only read', async () => {
    const { asked } = await run();
    const form = new URLSearchParams(await asked.find(({ method }) => method === 'POST')?.text());
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const [header = '', claim = '', signature = ''] = form.get('assertion')?.split('.') ?? [];
    const parse = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    expect(parse(header)).toEqual({ alg: 'RS256', typ: 'JWT', kid: '0'.repeat(40) });
    const { iat, exp, ...rest } = z.looseObject({ iat: z.number(), exp: z.number() }).parse(parse(claim));
    expect(rest).toEqual({
      iss: 'firebase-adminsdk-good@my-project.iam.gserviceaccount.com',
      scope: 'https://www.googleapis.com/auth/firebase.readonly',
      aud: 'https://oauth2.googleapis.com/token',
    });
    expect(exp - iat).toBeLessThanOrEqual(3600);
    const { private_key: key } = z.object({ private_key: z.string() }).parse(JSON.parse(keyFile()));
    const signed = Buffer.from(`${header}.${claim}`);
    expect(verify('RSA-SHA256', signed, createPublicKey(key), Buffer.from(signature, 'base64url'))).toBe(true);
    expect(asked.at(-1)?.headers.get('authorization')).toBe('Bearer simulated');
  });

  it.each([
    ['invalid-key', { code: 'credentials_rejected', fields: [{ field: 'apiKey' }] }],
    ['expired-key', { code: 'credentials_rejected', message: expect.stringMatching(/apiKey has expired/) }],
    ['permission-denied', { code: 'credentials_rejected', fields: [{ field: 'appId' }] }],
    ['rate-limited', { code: 'provider_unavailable', retryAfterSeconds: 12 }],
    ['token', { code: 'provider_unavailable', message: expect.stringMatching(/no answer of its API/) }],
  ])('understands %s about the web config', async (name, error) => {
    await expect(run({ [webConfig]: name })).rejects.toMatchObject(error);
  });

  it.each([
    ['projectId', { projectId: 'other-project' }],
    ['messagingSenderId', { messagingSenderId: '999999999999' }],
    ['measurementId', { measurementId: 'G-OTHER12345' }],
  ])('finds a %s of another app', async (field, change) => {
    const reply = recorded('web-config');
    const other = { ...reply, body: { ...(reply.body as object), ...change } };
    await expect(run({ [webConfig]: other })).rejects.toMatchObject({
      code: 'credentials_rejected',
      fields: [{ field, fix: expect.stringContaining('one web app') }],
    });
  });

  it('lets a domain and a bucket of one’s own be, and says so', async () => {
    const own = { ...credentials(), authDomain: 'auth.example.com', storageBucket: 'my-own-bucket' };
    expect((await run({}, { storage: true }, own)).said).toMatch(/another authDomain.*another storageBucket/s);
    expect((await run()).said).not.toMatch(/another/);
  });

  it('takes a key for browsers only for good, and a key without the API for bad where the app asks it', async () => {
    expect((await run({ [webConfig]: 'key-referrer-blocked', [auth]: 'key-referrer-blocked' })).said).toMatch(
      /Google knows the apiKey, but its restrictions/,
    );
    const blocked = { [webConfig]: 'key-service-blocked' };
    expect((await run(blocked)).said).toMatch(/could not be compared/);
    await expect(run(blocked, { analytics: true })).rejects.toMatchObject({
      code: 'permission_missing',
      message: expect.stringContaining('Firebase Management API'),
    });
    await expect(run({ [auth]: 'key-service-blocked' })).rejects.toMatchObject({
      code: 'permission_missing',
      message: expect.stringContaining('Identity Toolkit API'),
    });
  });

  it('lets Authentication and Analytics come later', async () => {
    expect((await run({ [auth]: 'configuration-not-found' })).said).toContain('not set up in the project yet');
    const { measurementId, ...without } = recorded('web-config').body as Record<string, unknown>;
    expect(measurementId).toBeDefined();
    const reply = { ...recorded('web-config'), body: without };
    expect((await run({ [webConfig]: reply }, { analytics: true })).said).toContain('Google Analytics is not on');
  });

  it.each([
    [token, 'invalid-grant', { code: 'credentials_rejected', fields: [{ field: 'serviceAccount' }] }],
    [token, 'clock', { code: 'provider_unavailable', message: expect.stringMatching(/clock of this machine/) }],
    [token, 'web-config', { code: 'provider_unavailable' }],
    [token, 'rate-limited', { code: 'provider_unavailable', retryAfterSeconds: 12 }],
    [project, 'permission-denied', { code: 'permission_missing', details: { permissions: ['firebase.projects.get'] } }],
    [project, 'service-disabled', { code: 'permission_missing', message: expect.stringMatching(/Management API/) }],
    [project, 'web-config', { code: 'provider_unavailable' }],
  ])('understands at %s the reply %s about the service account', async (path, name, error) => {
    await expect(run({ [path]: name })).rejects.toMatchObject(error);
  });

  it('finds a web config of another project than the service account', async () => {
    const reply = recorded('project');
    const other = { ...reply, body: { ...(reply.body as object), projectNumber: '999999999999' } };
    await expect(run({ [project]: other })).rejects.toMatchObject({ fields: [{ field: 'messagingSenderId' }] });
    const deleted = { ...reply, body: { ...(reply.body as object), state: 'DELETED' } };
    await expect(run({ [project]: deleted })).rejects.toMatchObject({ fields: [{ field: 'projectId' }] });
  });

  it.each([
    ['storageBucket', { storage: true }],
    ['measurementId', { analytics: true }],
  ])('wants %s where an option needs it', async (field, options) => {
    const { [field]: left, ...without } = credentials() as Record<string, string>;
    expect(left).toBeDefined();
    await run({}, {}, { ...without, [field]: '' });
    await expect(run({}, options, without)).rejects.toMatchObject({
      code: 'credentials_rejected',
      fields: [{ field }],
    });
  });

  it('shows nothing of the key file in an error, not even a part', async () => {
    const error: unknown = await run({ [token]: 'invalid-grant' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GraftError);
    const { private_key: key } = z.object({ private_key: z.string() }).parse(JSON.parse(keyFile()));
    const shown = inspect(error, { depth: 12, showHidden: true });
    for (const line of key.split('\n').filter((text) => text.length > 20)) expect(shown).not.toContain(line);
    expect(shown).not.toContain(apiKey('good'));
  });
});
