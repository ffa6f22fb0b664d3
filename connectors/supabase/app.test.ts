import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Simulator } from '../../contract/connector.ts';
import { expoApp } from '../../test/harness/app-facts.ts';
import { writeApp } from '../../test/harness/written-app.ts';
import { supabase } from './index.ts';
import { key } from './samples.ts';

type Result = Record<string, unknown> & { status: string };
type Functions = Record<string, (...given: unknown[]) => Promise<Result>>;

const undo: (() => Promise<void>)[] = [];
let simulator: Simulator;
beforeAll(async () => {
  simulator = await (await supabase.loadSimulator())();
});
afterAll(() => simulator.close());
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  for (const one of undo.splice(0)) await one();
});

// Stand-ins for native packages, which Node cannot load.
const standIns = {
  'react-native/index': "export const Platform = { OS: 'ios' };",
  'expo-sqlite/localStorage/install': '',
  'expo-web-browser/index': `export const openAuthSessionAsync = async (url, back) =>
    ({ type: 'success', url: back + '?error=access_denied&error_description=Not+this+time' });`,
};

/** An app on disk with the generated files and the real client of Supabase; gives the functions of all modules, for each alias. */
async function makeAppWith(
  aliases: readonly string[],
  values: { url?: string; key?: string },
  options: Record<string, unknown> = {},
): Promise<Functions[]> {
  const contributions = aliases.map((alias) =>
    supabase.contribute({
      app: { ...expoApp, scheme: 'shop' },
      alias,
      options: { oauth: true, accountDeletion: true, storage: true, ...options },
    }),
  );
  const { folder, remove } = await writeApp(
    contributions.flatMap(({ files }) => files),
    { standIns, links: ['@supabase'] },
  );
  undo.push(remove);
  for (const { key: name, credential } of contributions.flatMap(({ environmentKeys }) => environmentKeys)) {
    if (credential === 'projectUrl') vi.stubEnv(name, values.url);
    if (credential === 'publishableKey') vi.stubEnv(name, values.key);
  }
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  });
  const modules = ['sign-in', 'sign-in-with-provider', 'rows', 'files', 'delete-account', 'client'];
  return Promise.all(
    aliases.map(async (alias) => {
      const own = join(folder, 'connectors', alias === '' ? 'supabase' : `supabase-${alias}`);
      const loaded = await Promise.all(modules.map((name): Promise<Functions> => import(join(own, `${name}.ts`))));
      const functions: Functions = Object.assign({}, ...loaded);
      const client = functions['supabase'] as unknown as { auth: { stopAutoRefresh(): Promise<void> } } | undefined;
      undo.push(async () => client?.auth.stopAutoRefresh());
      return functions;
    }),
  );
}

async function makeApp(values: { url?: string; key?: string }, options?: Record<string, unknown>): Promise<Functions> {
  const [app] = await makeAppWith([''], values, options);
  return app ?? expect.fail('no app');
}

const call = async (app: Functions, name: string, ...given: unknown[]): Promise<Result> =>
  (await app[name]?.(...given)) ?? expect.fail(`${name} answered nothing`);
const person = ['person@example.com', 'correct horse'] as const;
const good = () => ({ url: simulator.url, key: key('publishable', 'good') });

describe('the generated app code', () => {
  it.each([
    ['no values', {}, 'EXPO_PUBLIC_SUPABASE_URL'],
    ['placeholders', { url: 'graft-placeholder', key: 'graft-placeholder' }, 'EXPO_PUBLIC_SUPABASE_URL'],
    ['no key', { url: 'https://abcdefghijklmnopqrst.supabase.co' }, 'EXPO_PUBLIC_SUPABASE_PUBLISHABLE_KEY'],
  ])('explains itself with %s', async (_, values, missing) => {
    const app = await makeApp(values);
    for (const [name, ...given] of [
      ['signIn', ...person],
      ['signUp', ...person],
      ['sendLink', person[0]],
      ['finishSignIn', 'shop://supabase-auth?code=1'],
      ['signOut'],
      ['signInWithProvider', 'google'],
      ['readRows'],
      ['addRow', { title: 'Milk' }],
      ['uploadFile', 'data:,x', 'x.txt', 'text/plain'],
      ['linkTo', 'x.txt'],
      ['deleteAccount'],
    ] as const) {
      expect(await call(app, name, ...given), name).toEqual({
        status: 'not_configured',
        key: missing,
        message: expect.stringMatching(`${missing} is not set.*npm run -s env -- pull`),
      });
    }
  });

  it('signs up, in and out, and says why it did not', async () => {
    const app = await makeApp(good());
    expect(await call(app, 'signIn', ...person)).toEqual({ status: 'failed', message: 'Invalid login credentials' });
    expect(await call(app, 'signUp', person[0], 'short')).toMatchObject({ status: 'failed' });
    expect(await call(app, 'signUp', ...person)).toEqual({ status: 'signed_in' });
    expect(await call(app, 'signOut')).toEqual({ status: 'signed_out' });
    expect(await call(app, 'signIn', ...person)).toEqual({ status: 'signed_in' });
  });

  it('knows its own links, and changes each only once', async () => {
    const app = await makeApp(good());
    expect(app['finishSignIn']?.('shop://elsewhere?code=1')).toBeUndefined();
    const link = 'shop://supabase-auth#error=access_denied&error_description=Email+link+is+invalid';
    expect(await call(app, 'finishSignIn', link)).toEqual({ status: 'failed', message: 'Email link is invalid' });
    expect(app['finishSignIn']?.(link)).toBe(app['finishSignIn']?.(link));
    expect(await call(app, 'signInWithProvider', 'google')).toEqual({ status: 'failed', message: 'Not this time' });
  });

  it('keeps sessions and links of two projects apart', async () => {
    const [one = {}, other = {}] = await makeAppWith(['', 'auth'], good());
    await call(one, 'signUp', 'two-projects@example.com', person[1]);
    const file = (name: string) => ['data:text/plain,hello', name, 'text/plain'] as const;
    expect(await call(one, 'uploadFile', ...file('a.txt'))).toMatchObject({ status: 'uploaded' });
    expect(await call(other, 'uploadFile', ...file('a.txt'))).toMatchObject({
      message: expect.stringMatching(/Sign in/),
    });
    await call(other, 'signUp', 'second-project@example.com', person[1]);
    await call(other, 'signOut');
    expect(await call(one, 'uploadFile', ...file('b.txt'))).toMatchObject({ status: 'uploaded' });
    for (const end of ['', '?code=1', '/?code=1', '#error=no']) {
      expect(one['finishSignIn']?.(`shop://supabase-auth-auth${end}`)).toBeUndefined();
      expect(other['finishSignIn']?.(`shop://supabase-auth${end}`)).toBeUndefined();
    }
    expect(await call(other, 'finishSignIn', 'shop://supabase-auth-auth/?error_description=Late')).toMatchObject({
      message: 'Late',
    });
  });

  it('reads and adds rows, and passes on what Supabase says', async () => {
    const app = await makeApp(good());
    expect(await call(app, 'addRow', { title: 'Milk' })).toEqual({ status: 'added' });
    expect(await call(app, 'readRows')).toEqual({ status: 'loaded', rows: [{ id: 1, title: 'Milk' }] });
    const bare = await makeApp(good(), { table: 'ungranted' });
    expect(await call(bare, 'readRows')).toEqual({
      status: 'failed',
      message: 'permission denied for table ungranted',
    });
  });

  it('puts files into the folder of whoever is signed in', async () => {
    const app = await makeApp(good());
    const file = ['data:text/plain,hello', 'a.txt', 'text/plain'] as const;
    expect(await call(app, 'uploadFile', ...file)).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(/Sign in/),
    });
    await call(app, 'signUp', 'files@example.com', person[1]);
    const uploaded = await call(app, 'uploadFile', ...file);
    expect(uploaded).toEqual({ status: 'uploaded', path: expect.stringMatching(/^[\da-f-]{36}\/a\.txt$/) });
    expect(await call(app, 'linkTo', uploaded['path'])).toMatchObject({ status: 'made' });
    expect(await call(app, 'linkTo', 'nothing.txt')).toMatchObject({ status: 'failed' });
    expect(await call(app, 'uploadFile', 'nothing:', 'b.txt', 'text/plain')).toMatchObject({ status: 'failed' });
  });

  it('deletes the account through the server and ends the session', async () => {
    const asked: (string | undefined)[] = [];
    const answers = [
      '{"error":"not_configured","key":"SUPABASE_SECRET_KEY","message":"It is not set."}',
      '<html>',
      '{"status":"deleted"}',
    ];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.end(answers[asked.length - 1]);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    undo.push(() => new Promise((resolve) => server.close(() => resolve())));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;

    const app = await makeApp(good(), { serverUrl: `http://127.0.0.1:${port}` });
    expect(await call(app, 'deleteAccount')).toEqual({ status: 'failed', message: 'Nobody is signed in.' });
    await call(app, 'signUp', 'leaving@example.com', person[1]);
    expect(await call(app, 'deleteAccount')).toMatchObject({ status: 'not_configured', key: 'SUPABASE_SECRET_KEY' });
    expect(await call(app, 'deleteAccount')).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(/No usable answer/),
    });
    expect(await call(app, 'deleteAccount')).toEqual({ status: 'deleted' });
    expect(asked[0]).toMatch(/^POST \/api\/supabase\/delete-account Bearer eyJ/);
    expect(await call(app, 'deleteAccount')).toEqual({ status: 'failed', message: 'Nobody is signed in.' });
    const nowhere = await makeApp(good());
    expect(await call(nowhere, 'deleteAccount')).toMatchObject({ status: 'not_configured', key: 'serverUrl' });
  });
});
