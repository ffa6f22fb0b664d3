import { inspect } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Probe } from '../../contract/connector.ts';
import { GraftError } from '../../contract/errors.ts';
import { supabase } from './index.ts';
import { readSchema } from './read-schema.ts';
import { type Recorded, credentials, legacyKey, projectUrl, recorded, ref } from './samples.ts';

const replay = ({ status, headers, body }: Recorded) =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });

describe('recorded replies', () => {
  let probe: Probe;
  beforeAll(async () => {
    probe = await supabase.loadProbe();
  });
  const all: Record<string, string> = {
    '/auth/v1/settings': 'settings',
    '/rest/v1/todos': 'rows',
    '/auth/v1/admin/users': 'users',
    '/rest/v1/': 'schema',
    '/storage/v1/bucket/uploads': 'bucket',
  };
  /** Replays one fixture for each path; a path without one must not be asked for. */
  const run = (change: Record<string, string> = {}, options = {}, values: Record<string, string> = credentials()) =>
    probe({
      credentials: values,
      options,
      environment: 'development',
      http: {
        fetch: async (input) => {
          const { origin, pathname } = new URL(String(input));
          expect(origin).toBe(projectUrl);
          return replay(recorded({ ...all, ...change }[pathname] ?? expect.fail(`it asked for ${pathname}`)));
        },
      },
    });
  const { secretKey: _, ...withoutSecret } = credentials();

  it('names the project and says what is off in it, and what could not be proved', async () => {
    const report = await run();
    expect(report).toMatchObject({ account: `the Supabase project ${ref}`, mode: undefined });
    expect(report.notes.join(' ')).toMatch(/takes no new accounts.*todos answers.*cannot prove/s);
    expect((await run({}, { oauth: true })).notes.join(' ')).toContain('Turned on in the project: apple, google.');
  });

  it('asks only for what the options need', async () => {
    expect((await run({}, { database: false }, withoutSecret)).notes.join(' ')).not.toContain('todos');
    const report = await run({}, { auth: false, database: false, storage: true }, withoutSecret);
    expect(report.notes.join(' ')).toMatch(/cannot tell whether the bucket uploads is there/);
    expect((await run({}, { storage: true })).notes.join(' ')).toContain('uploads is public');
    const missing = await run({ '/storage/v1/bucket/uploads': 'missing-bucket' }, { storage: true });
    expect(missing.notes.join(' ')).toContain('no bucket uploads yet');
  });

  it.each([
    [
      'invalid-key',
      { code: 'credentials_rejected', message: expect.stringMatching(/does not know the publishable key/) },
    ],
    ['legacy-disabled', { code: 'credentials_rejected', message: expect.stringMatching(/Legacy keys are disabled/) }],
    ['expired', { code: 'credentials_rejected', message: expect.stringMatching(/has expired/) }],
    ['rate-limited', { code: 'provider_unavailable', retryAfterSeconds: 12 }],
    ['paused', { code: 'provider_unavailable', message: expect.stringMatching(`paused. Restore it at .*${ref}`) }],
    ['restricted', { code: 'provider_unavailable', message: expect.stringMatching(/restricts the project/) }],
    ['rows', { code: 'provider_unavailable', message: expect.stringMatching(/no answer of Supabase/) }],
  ])('understands %s', async (name, error) => {
    await expect(run({ '/auth/v1/settings': name })).rejects.toMatchObject(error);
  });

  it.each([
    ['invalid-key', 'credentials_rejected'],
    ['bad-jwt', 'credentials_rejected'],
    ['not-admin', 'permission_missing'],
    ['rows', 'provider_unavailable'],
  ])('understands %s about the secret key', async (name, code) => {
    const fields = code === 'provider_unavailable' ? [] : [{ field: 'secretKey' }];
    await expect(run({ '/auth/v1/admin/users': name })).rejects.toMatchObject({ code, fields });
  });

  it('takes a missing grant for a fault only where nobody signs in', async () => {
    const change = { '/rest/v1/todos': 'missing-grant' };
    expect((await run(change)).notes.join(' ')).toContain('Nobody may read the table todos without signing in');
    await expect(run(change, { auth: false })).rejects.toMatchObject({
      code: 'permission_missing',
      details: { permissions: ['select on public.todos to anon'] },
      fields: [{ field: 'publishableKey', fix: expect.stringContaining('Grant select on public.todos to anon') }],
    });
    await expect(run({ '/rest/v1/todos': 'hidden-schema' })).rejects.toMatchObject({ code: 'permission_missing' });
  });

  it('tells the schema to those who send a secret key, for what uses tables', async () => {
    const report = await run();
    expect(report.discovered).toEqual({ schema: readSchema(recorded('schema').body) });
    expect(report.notes.join(' ')).toContain('5 tables and views');
    const without = await run({}, {}, withoutSecret);
    expect(without).not.toHaveProperty('discovered');
    expect(without.notes.join(' ')).toContain('Without a secret key the schema cannot be read');
    expect(await run({ '/rest/v1/': 'expect no call' }, { database: false })).not.toHaveProperty('discovered');
  });

  it.each(['hidden-schema', 'invalid-key', 'missing-grant', 'rows', 'not-admin', 'paused'])(
    'goes on without the schema after %s',
    async (name) => {
      const report = await run({ '/rest/v1/': name });
      expect(report).not.toHaveProperty('discovered');
      expect(report.notes.join(' ')).toContain('The schema could not be read');
    },
  );

  it('waits with the schema where it is asked to', async () => {
    await expect(run({ '/rest/v1/': 'rate-limited' })).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('lets a table come later', async () => {
    expect((await run({ '/rest/v1/todos': 'missing-table' })).notes.join(' ')).toMatch(/no table todos .* yet/);
  });

  it('wants the secret key where accounts are deleted', async () => {
    await run({}, { accountDeletion: true });
    await expect(run({}, { accountDeletion: true }, withoutSecret)).rejects.toMatchObject({
      code: 'credentials_rejected',
      fields: [{ field: 'secretKey', fix: expect.stringContaining('sb_secret_') }],
    });
  });

  it('takes legacy keys and says that they end', async () => {
    const legacy = { projectUrl, publishableKey: legacyKey('anon'), secretKey: legacyKey('service_role') };
    expect((await run({}, {}, legacy)).notes.join(' ')).toMatch(/retiring legacy keys/);
    expect((await run()).notes.join(' ')).not.toMatch(/legacy/);
    const ended = { ...legacy, publishableKey: legacyKey('anon', { exp: 1_700_000_000 }) };
    await expect(run({}, {}, ended)).rejects.toMatchObject({
      code: 'credentials_rejected',
      message: expect.stringMatching(/publishable key has expired/),
    });
  });

  it.each([['null'], ['[]'], ['{}'], ['"text"'], [''], ['{"external":{"email":"yes"},"disable_signup":false}']])(
    'takes %s for no answer',
    async (body) => {
      const http = { fetch: async () => new Response(body, { headers: { 'content-type': 'application/json' } }) };
      const input = { credentials: credentials(), options: {}, environment: 'development' as const, http };
      await expect(probe(input)).rejects.toMatchObject({ code: 'provider_unavailable' });
    },
  );

  it('keeps back what a reply says about the keys', async () => {
    const values = credentials();
    for (const status of [400, 401, 402, 403, 404, 429, 500, 540]) {
      const body = { message: `Not with ${values.secretKey}`, error_code: values.secretKey };
      const http = { fetch: async () => new Response(JSON.stringify(body), { status }) };
      const error: unknown = await probe({ credentials: values, options: {}, environment: 'development', http }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(GraftError);
      expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(values.secretKey);
    }
  });

  it('does not call Supabase with values that have not the form', async () => {
    const http = { fetch: async () => expect.fail('it called Supabase') };
    for (const change of [{ secretKey: 'sb_secret_x\r\ny' }, { projectUrl: 'https://evil.example' }]) {
      const input = {
        credentials: { ...credentials(), ...change },
        options: {},
        environment: 'development' as const,
        http,
      };
      await expect(probe(input)).rejects.toMatchObject({
        code: 'credentials_rejected',
        fields: [{ field: Object.keys(change)[0] }],
      });
    }
  });
});
