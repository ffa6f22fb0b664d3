import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../contract/connector.ts';
import { supabase } from './index.ts';
import { readSchema } from './read-schema.ts';
import { credentials, key, legacyKey, recorded } from './samples.ts';

describe('the simulator', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await (await supabase.loadSimulator())();
  });
  afterAll(() => simulator.close());

  const client = (apiKey = credentials().publishableKey) =>
    createClient(simulator.url, apiKey, { auth: { persistSession: false, autoRefreshToken: false } });
  const ask = (path: string, headers: Record<string, string>) => fetch(`${simulator.url}${path}`, { headers });

  it('signs people up, in and out as the real client expects', async () => {
    const app = client();
    const person = { email: 'person@example.com', password: 'correct horse' };
    expect((await app.auth.signInWithPassword(person)).error?.code).toBe('invalid_credentials');
    expect((await app.auth.signUp({ ...person, password: 'short' })).error?.code).toBe('weak_password');
    expect((await app.auth.signUp(person)).data.session).toMatchObject({ user: { email: person.email } });
    expect((await app.auth.signUp(person)).error?.code).toBe('user_already_exists');
    const { data } = await app.auth.signInWithPassword(person);
    expect((await app.auth.getUser(data.session?.access_token)).data.user).toMatchObject({ email: person.email });
    expect((await app.auth.signOut()).error).toBeNull();

    const server = client(credentials().secretKey);
    const { data: page } = await server.auth.admin.listUsers({ page: 1, perPage: 1 });
    expect(page.users.map(({ email }) => email)).toContain(person.email);
    expect((await server.auth.admin.deleteUser(data.user?.id ?? '')).error).toBeNull();
    expect((await app.auth.signInWithPassword(person)).error?.code).toBe('invalid_credentials');
  });

  it('reads and adds rows', async () => {
    const app = client();
    expect((await app.from('todos').insert({ title: 'Milk' })).error).toBeNull();
    expect((await app.from('todos').select('*').limit(5)).data).toEqual([{ id: 1, title: 'Milk' }]);
    expect((await app.from('todos_missing').select('*')).error?.code).toBe('PGRST205');
    expect((await app.from('todos_ungranted').select('*')).error?.code).toBe('42501');
    expect((await app.from('todos').select('*').eq('nothing', 1)).error?.code).toBe('42703');
  });

  it('takes files and makes links to them', async () => {
    const files = client().storage.from('uploads');
    const file = new TextEncoder().encode('hello').buffer;
    expect((await files.upload('me/a.txt', file, { contentType: 'text/plain' })).data?.path).toBe('me/a.txt');
    expect((await files.upload('me/a.txt', file)).error?.message).toMatch(/already exists/);
    expect((await files.createSignedUrl('me/a.txt', 60)).data?.signedUrl).toContain('/object/sign/uploads/me/a.txt');
    expect((await files.createSignedUrl('me/b.txt', 60)).error?.message).toMatch(/not found/);
  });

  it('lets in new and legacy keys alike, each as far as it goes', async () => {
    for (const [apikey, users, schema] of [
      [key('publishable', 'good'), 403, 401],
      [legacyKey('anon'), 403, 401],
      [key('secret', 'good'), 200, 200],
      [legacyKey('service_role'), 200, 200],
      [legacyKey('authenticated'), 401, 401],
      ['', 401, 401],
    ] as const) {
      const headers: Record<string, string> = apikey === '' ? {} : { apikey };
      expect((await ask('/auth/v1/admin/users', headers)).status).toBe(users);
      expect((await ask('/rest/v1/', headers)).status).toBe(schema);
    }
    const asNobody = { apikey: key('secret', 'good'), authorization: 'Bearer invented' };
    expect((await ask('/auth/v1/admin/users', asNobody)).status).toBe(403);
  });

  it('describes its schema in a form that is read', async () => {
    const described = async (word: string) => (await ask('/rest/v1/', { apikey: key('secret', word) })).json();
    expect(readSchema(await described('good'))?.relations.map(({ name, kind }) => [name, kind])).toEqual([
      ['projects', 'table'],
      ['todos', 'table'],
    ]);
    expect(await described('hiddenschema')).toEqual(recorded('hidden-schema').body);
  });

  it('revokes a key while it runs', async () => {
    const headers = { apikey: key('secret', 'leaving') };
    expect((await ask('/auth/v1/settings', headers)).status).toBe(200);
    const body = JSON.stringify({ key: headers.apikey });
    await fetch(`${simulator.url}/_simulator/revoke`, { method: 'POST', body });
    expect((await ask('/auth/v1/settings', headers)).status).toBe(401);
  });

  it.each([
    ['revoked', 'invalid-key', '/auth/v1/settings'],
    ['legacyoff', 'legacy-disabled', '/auth/v1/settings'],
    ['expired', 'expired', '/auth/v1/settings'],
    ['narrow', 'not-admin', '/auth/v1/admin/users'],
    ['ratelimited', 'rate-limited', '/auth/v1/settings'],
    ['paused', 'paused', '/auth/v1/settings'],
    ['good', 'missing-bucket', '/storage/v1/bucket/missing'],
  ])('refuses a %s key in the shape of %s', async (word, name, path) => {
    const reply = await ask(path, { apikey: key('secret', word) });
    const { status, body } = recorded(name);
    const text = await reply.text();
    expect(reply.status).toBe(status);
    if (typeof body === 'string') expect(text).toBe(body);
    else {
      const { details: _, hint: __, ...said } = body as Record<string, unknown>;
      expect(JSON.parse(text)).toMatchObject(said);
    }
  });
});
