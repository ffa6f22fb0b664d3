import { type RequestListener, createServer } from 'node:http';
import { join } from 'node:path';
import { type ReactNode, createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Simulator } from '../../contract/connector.ts';
import { nextApp } from '../../test/harness/app-facts.ts';
import { writeApp } from '../../test/harness/written-app.ts';
import { supabase } from './index.ts';
import { key } from './samples.ts';

type Result = Record<string, unknown> & { status: string };
type Functions = Record<string, (...given: unknown[]) => Promise<Result>>;
interface Provider {
  SupabaseConnector: (props: { children?: ReactNode }) => ReactNode;
  useSession: () => Result;
}
/** What a client of the server is asked here. */
interface Client {
  auth: { getClaims(): Promise<{ data: { claims: { sub: string } } | null }> };
}

const undo: (() => Promise<unknown>)[] = [];
let simulator: Simulator;
beforeAll(async () => {
  simulator = await (await supabase.loadSimulator())();
});
afterAll(() => simulator.close());
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.useRealTimers();
  for (const one of undo.splice(0).toReversed()) await one();
});

const facts = {
  'the app router': nextApp,
  'the pages router': { ...nextApp, router: 'next-pages', routesDir: 'pages' },
  'a static export': { ...nextApp, serverRoutes: false },
} as const;
const options = { oauth: true, accountDeletion: true, realtime: true, storage: true };

// Stand-ins for what Next.js gives: its cookies are those of the request, or of the answer.
const standIns = {
  'next/headers': 'export const cookies = async () => globalThis.cookieStore;',
  'next/server': `export class NextResponse extends Response {
    cookies = { set: (name, value) => this.headers.append('Set-Cookie', name + '=' + value) };
    static next() { return new NextResponse(null); }
  }`,
};

/** The generated files of an app of Next.js on disk; gives a function that loads one of them. */
async function makeApp(kind: keyof typeof facts, values: { url?: string; key?: string } = {}) {
  const { files } = supabase.contribute({ app: facts[kind], alias: '', options });
  const { folder, remove } = await writeApp(files, { standIns, links: ['@supabase', 'react', 'react-dom'] });
  undo.push(remove);
  vi.stubEnv('NEXT_PUBLIC_SUPABASE_URL', values.url);
  vi.stubEnv('NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY', values.key);
  return async <Module>(path: string) => (await import(join(folder, path))) as Module;
}
type Load = Awaited<ReturnType<typeof makeApp>>;
const good = () => ({ url: simulator.url, key: key('publishable', 'good') });
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const person = ['web@example.com', 'correct horse'] as const;

/** A browser as far as the SDK asks for one; gives its cookies. */
function openBrowser(): Map<string, string> {
  const cookies = new Map<string, string>();
  const document = {
    get cookie() {
      return [...cookies].map((pair) => pair.join('=')).join('; ');
    },
    set cookie(line: string) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    },
  };
  const window = { document, location: { href: 'http://localhost/' }, addEventListener: () => undefined };
  vi.stubGlobal('document', document);
  vi.stubGlobal('window', window);
  return cookies;
}

/** The functions that sign in, in a browser. */
async function openSignIn(load: Load): Promise<{ app: Functions; cookies: Map<string, string> }> {
  const cookies = openBrowser();
  const app = await load<Functions>('connectors/supabase/sign-in.ts');
  const { supabase: client } = await load<{ supabase: { auth: { stopAutoRefresh(): Promise<void> } } }>(
    'connectors/supabase/client.ts',
  );
  undo.push(() => client.auth.stopAutoRefresh());
  return { app, cookies };
}

/** The cookies of a browser in which somebody has signed up. */
async function signUp(load: Load): Promise<Map<string, string>> {
  const { app, cookies } = await openSignIn(load);
  expect(await app['signUp']?.(`${crypto.randomUUID()}@example.com`, person[1])).toEqual({ status: 'signed_in' });
  vi.unstubAllGlobals();
  return cookies;
}

/** Two hours later, when every token has expired. */
const later = () => vi.useFakeTimers({ now: Date.now() + 7_200_000, toFake: ['Date'] });

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  undo.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.address();
  return typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : expect.fail('no port');
}

describe.each(Object.keys(facts) as (keyof typeof facts)[])('in %s', (kind) => {
  it.each([
    ['no values', {}, 'not_configured'],
    ['placeholders', { url: 'graft-placeholder', key: 'graft-placeholder' }, 'not_configured'],
    ['values', { url: 'https://abcdefghijklmnopqrst.supabase.co', key: key('publishable', 'good') }, 'loading'],
  ])('renders on the server with %s, and asks nobody', async (_, values, status) => {
    const fetched = vi.fn<typeof fetch>();
    vi.stubGlobal('fetch', fetched);
    const load = await makeApp(kind, values);
    const { SupabaseConnector, useSession } = await load<Provider>('connectors/supabase/supabase-provider.tsx');
    const { SignInForm } = await load<{ SignInForm: () => ReactNode }>('connectors/supabase/sign-in-form.tsx');
    const { useRows } = await load<{ useRows: () => { result: Result } }>('connectors/supabase/use-rows.ts');
    const { useRowChanges } = await load<{ useRowChanges: (onChange: () => void) => Result }>(
      'connectors/supabase/use-row-changes.ts',
    );
    const Page = () => [useSession().status, useRows().result.status, useRowChanges(() => undefined).status].join();
    const inside = [createElement(Page, { key: 1 }), createElement(SignInForm, { key: 2 })];
    const html = renderToString(createElement(SupabaseConnector, null, inside));
    const listening = status === 'loading' ? 'connecting' : status;
    expect(html).toMatch(
      new RegExp(`^${status},loading,${listening}<form .*method="post".*Create an account</button>`),
    );
    expect(fetched).not.toHaveBeenCalled();
  });

  it.each([
    ['no values', {}, 'NEXT_PUBLIC_SUPABASE_URL'],
    ['placeholders', { url: 'graft-placeholder', key: 'graft-placeholder' }, 'NEXT_PUBLIC_SUPABASE_URL'],
    ['no key', { url: 'https://abcdefghijklmnopqrst.supabase.co' }, 'NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY'],
  ])('explains itself with %s', async (_, values, missing) => {
    const load = await makeApp(kind, values);
    for (const [module, name, ...given] of [
      ['sign-in', 'signIn', ...person],
      ['sign-in', 'signUp', ...person],
      ['sign-in', 'sendLink', person[0]],
      ['sign-in', 'signOut'],
      ['sign-in-with-provider', 'signInWithProvider', 'google'],
      ['rows', 'readRows'],
      ['rows', 'addRow', { title: 'Milk' }],
      ['files', 'uploadFile', new Blob(['x']), 'x.txt', 'text/plain'],
      ['files', 'linkTo', 'x.txt'],
      ['delete-account', 'deleteAccount'],
    ] as const) {
      const app = await load<Functions>(`connectors/supabase/${module}.ts`);
      expect(await app[name]?.(...given), name).toEqual({
        status: 'not_configured',
        key: missing,
        message: expect.stringMatching(`${missing} is not set.*npm run -s env -- pull`),
      });
    }
  });
});

it('signs in, and puts a file of the page into the folder of whoever is signed in', async () => {
  const load = await makeApp('the app router', good());
  const { app, cookies } = await openSignIn(load);
  const files = await load<Functions>('connectors/supabase/files.ts');
  expect(await app['signIn']?.(...person)).toEqual({ status: 'failed', message: 'Invalid login credentials' });
  expect(await app['signUp']?.(...person)).toEqual({ status: 'signed_in' });
  expect([...cookies.keys()]).toContain('sb-127-auth-token');
  const upload = (file: unknown) => files['uploadFile']?.(file, `${crypto.randomUUID()}.txt`, 'text/plain');
  const stored = { status: 'uploaded', path: expect.stringMatching(/^[\da-f-]{36}\/[\da-f-]{36}\.txt$/) };
  expect(await upload(new Blob(['hello']))).toEqual(stored);
  expect(await upload('data:text/plain,hello')).toEqual(stored);
  expect(await app['signOut']?.()).toEqual({ status: 'signed_out' });
  expect([...cookies.keys()]).not.toContain('sb-127-auth-token');
});

it('keeps the projects of two aliases apart', async () => {
  const { files } = supabase.contribute({ app: nextApp, alias: '', options });
  const second = supabase.contribute({ app: nextApp, alias: 'second', options });
  const all = [...files, ...second.files];
  const { folder, remove } = await writeApp(all, { standIns, links: ['@supabase', 'react', 'react-dom'] });
  undo.push(remove);
  const projects = ['a', 'b'].map((letter) => `https://${letter.repeat(20)}.supabase.co`);
  vi.stubEnv('NEXT_PUBLIC_SUPABASE_URL', projects[0]);
  vi.stubEnv('NEXT_PUBLIC_SECOND_SUPABASE_URL', projects[1]);
  vi.stubEnv('NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY', key('publishable', 'one'));
  vi.stubEnv('NEXT_PUBLIC_SECOND_SUPABASE_PUBLISHABLE_KEY', key('publishable', 'two'));
  openBrowser();
  const clients = ['supabase', 'supabase-second'].map(async (name) => {
    const module = (await import(join(folder, `connectors/${name}/client.ts`))) as {
      supabase: { supabaseUrl: string; auth: { stopAutoRefresh(): Promise<void> } };
    };
    undo.push(() => module.supabase.auth.stopAutoRefresh());
    return new URL(module.supabase.supabaseUrl).origin;
  });
  expect(await Promise.all(clients)).toEqual(projects);
});

it('reads the session of a request, and renews one that has expired before the page renders', async () => {
  const load = await makeApp('the app router', good());
  const cookies = await signUp(load);
  const { requestClient } = await load<{ requestClient: () => Promise<Client> }>(
    'connectors/supabase/server/request-client.ts',
  );
  const { renewSession } = await load<{ renewSession: (request: object) => Promise<Response> }>(
    'connectors/supabase/server/renew-session.ts',
  );
  const getAll = () => [...cookies].map(([name, value]) => ({ name, value }));
  const readOnly = () => {
    throw new Error('Cookies can only be modified in a Server Action or Route Handler.');
  };
  const whoAsks = async () => {
    vi.stubGlobal('cookieStore', { getAll, set: readOnly });
    return (await (await requestClient()).auth.getClaims()).data?.claims.sub;
  };
  const renew = () =>
    renewSession({ cookies: { getAll, set: (name: string, value: string) => cookies.set(name, value) } });

  expect(await whoAsks()).toMatch(uuid);
  expect((await renew()).headers.getSetCookie()).toEqual([]);
  later();
  const renewed = await renew();
  expect(renewed.headers.getSetCookie()).toEqual([expect.stringMatching(/^sb-.*-auth-token=base64-/)]);
  expect(renewed.headers.get('cache-control')).toContain('no-store');
  expect(await whoAsks()).toMatch(uuid);
  cookies.clear();
  expect(await whoAsks()).toBeUndefined();
});

it('reads the session of a request in the pages router, and renews it in the answer', async () => {
  const load = await makeApp('the pages router', good());
  const cookies = await signUp(load);
  const { requestClient } = await load<{ requestClient: (request: object, response: object) => Client }>(
    'connectors/supabase/server/request-client.ts',
  );
  const origin = await serve((request, response) => {
    void requestClient(request, response)
      .auth.getClaims()
      .then(({ data }) => response.end(data?.claims.sub ?? 'nobody'));
  });
  const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
  const now = await fetch(origin, { headers: { cookie } });
  expect([await now.text(), now.headers.getSetCookie()]).toEqual([expect.stringMatching(uuid), []]);
  later();
  const then = await fetch(origin, { headers: { cookie } });
  expect(await then.text()).toMatch(uuid);
  expect(then.headers.getSetCookie()).toEqual([expect.stringMatching(/^sb-.*-auth-token=base64-.*Path=\//)]);
  expect(then.headers.get('cache-control')).toContain('no-store');
  expect(await (await fetch(origin)).text()).toBe('nobody');
});

it('knows nobody on the server while a value is missing', async () => {
  vi.stubGlobal('cookieStore', { getAll: () => [], set: () => undefined });
  const load = await makeApp('the app router', { url: 'graft-placeholder', key: 'graft-placeholder' });
  const { requestClient } = await load<Functions>('connectors/supabase/server/request-client.ts');
  const { renewSession } = await load<Functions>('connectors/supabase/server/renew-session.ts');
  expect(await requestClient?.()).toBeUndefined();
  expect(await renewSession?.({})).toMatchObject({ status: 200 });
});

it('answers in the pages router what the handler answers, to POST alone', async () => {
  const load = await makeApp('the pages router', good());
  const { default: route } = await load<{ default: (request: object, response: object) => Promise<void> }>(
    'pages/api/supabase/delete-account.ts',
  );
  const origin = await serve((request, response) => void route(request, response));
  const post = (headers: Record<string, string> = {}) => fetch(origin, { method: 'POST', headers });
  vi.stubEnv('SUPABASE_SECRET_KEY', undefined);
  const lacking = await post();
  expect([lacking.status, lacking.headers.get('content-type')]).toEqual([503, 'application/json']);
  expect(await lacking.json()).toMatchObject({ error: 'not_configured', key: 'SUPABASE_SECRET_KEY' });
  vi.stubEnv('SUPABASE_SECRET_KEY', key('secret', 'good'));
  expect((await post()).status).toBe(401);
  const deleted = await post({ Authorization: 'Bearer simulated.token.person-of-the-server-checks' });
  expect([deleted.status, await deleted.json()]).toEqual([200, { status: 'deleted' }]);
  const refused = await fetch(origin);
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST']);
});
