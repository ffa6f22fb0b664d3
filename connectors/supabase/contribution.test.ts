import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { AppFacts } from '../../contract/connector.ts';
import { expectFormatted, expectTypeChecks, firstOfEachForm } from '../../test/conformance/generated-code.ts';
import { expoApp, nextApp } from '../../test/harness/app-facts.ts';
import { blankApp, install, textsOf } from '../../test/harness/apps.ts';
import { supabase } from './index.ts';
import { combinations, everything } from './samples.ts';

const contribute = (options: Record<string, unknown> = {}, facts: Partial<AppFacts> = {}, alias = '') =>
  supabase.contribute({ app: { ...expoApp, ...facts }, alias, options });
const textOf = (name: string, contribution = contribute()) => {
  const file = contribution.files.find(({ path }) => path.endsWith(`/${name}`));
  return file?.text ?? expect.fail(`${name} is not among the files`);
};
/** The files of the connector's folder, sorted. */
const namesOf = ({ files }: { files: readonly { path: string }[] }) =>
  files
    .filter(({ path }) => path.includes('connectors/supabase/'))
    .map(({ path }) => path.replace(/.*connectors\/supabase\//, ''))
    .toSorted();
const router = { router: 'expo-router', sourceDir: 'src', routesDir: 'src/app', scheme: 'shop' } as const;

const pages = { ...nextApp, router: 'next-pages', routesDir: 'src/pages', sourceDir: 'src' } as const;
const exportedNext = { ...nextApp, serverRoutes: false };

const variants = [...combinations, everything].flatMap((options) => [
  contribute(options),
  contribute(options, nextApp),
  contribute(options, pages),
  contribute(options, exportedNext),
  contribute(options, { ...router, serverRoutes: true }),
]);
const ofAnother = contribute({ oauth: true, storage: true }, { scheme: 'shop' }, 'b');
const differing = firstOfEachForm([...variants, ofAnother]);

describe('what is generated', () => {
  it('pins the packages that belong to each Expo SDK, and only those that the options need', () => {
    const ranges = (major: number, options = {}) =>
      contribute(options, { major, scheme: 'shop' }).packages.map(({ name, range }) => `${name}@${range}`);
    expect(ranges(54)).toEqual(['@supabase/supabase-js@2.119.0', 'expo-sqlite@~16.0.10']);
    expect(ranges(57, { oauth: true, sessionStorage: 'async-storage' })).toEqual([
      '@supabase/supabase-js@2.119.0',
      '@react-native-async-storage/async-storage@2.2.0',
      'expo-web-browser@~57.0.3',
    ]);
    expect(ranges(56, { auth: false })).toEqual(['@supabase/supabase-js@2.119.0']);
    expect(() => contribute({}, { major: 58 })).toThrow(expect.objectContaining({ code: 'unsupported_sdk' }));
  });

  it('wraps the app only where people sign in', () => {
    expect(contribute().provider).toMatchObject({ component: 'SupabaseConnector' });
    const without = contribute({ auth: false, storage: true });
    expect(without.provider).toBeUndefined();
    expect(namesOf(without)).toEqual([
      'client.ts',
      'config.ts',
      'database.types.ts',
      'files.ts',
      'rows.ts',
      'session-options.ts',
      'use-rows.ts',
    ]);
  });

  it('brings the secret key only to the server that deletes accounts', () => {
    const names = (options = {}) => contribute(options).environmentKeys.map(({ key }) => key);
    const publicNames = ['EXPO_PUBLIC_SUPABASE_URL', 'EXPO_PUBLIC_SUPABASE_PUBLISHABLE_KEY'];
    expect(names()).toEqual(publicNames);
    expect(names({ accountDeletion: true })).toEqual([...publicNames, 'SUPABASE_SECRET_KEY']);
    const holders = contribute({ accountDeletion: true }).files.filter(({ text }) => text.includes('SECRET_KEY'));
    expect(holders.map(({ path }) => path)).toEqual(['connectors/supabase/server/delete-account.ts']);
  });

  it('leads links back by the scheme of the app, apart for each alias', () => {
    expect(textOf('sign-in.ts', contribute({}, router))).toContain("redirectUrl = 'shop://supabase-auth'");
    expect(textOf('sign-in.ts', contribute({}, router, 'second'))).toContain("'shop://supabase-second-auth'");
    expect(textOf('sign-in.ts')).not.toMatch(/redirect|sendLink/);
    expect(textOf('supabase-provider.tsx')).not.toContain('Linking');
    const steps = contribute({}, router).nextSteps.map(({ snippet }) => snippet);
    expect(steps).toContain('shop://supabase-auth');
    expect(steps.at(-1)).toContain("path.includes('supabase-auth')");
    for (const scheme of ['my scheme', "a'b", '']) {
      expect(contribute({}, { scheme })).toEqual(contribute({}, { scheme: undefined }));
    }
  });

  it('adds an API route only where the app runs them, and then asks the app itself', () => {
    const routes = (contribution = contribute()) => contribution.files.filter(({ path }) => path.endsWith('+api.ts'));
    const deletion = { accountDeletion: true };
    expect(routes(contribute(deletion, router))).toEqual([]);
    const served = contribute(deletion, { ...router, serverRoutes: true });
    expect(routes(served)).toMatchObject([
      {
        path: 'src/app/api/supabase/delete-account+api.ts',
        text: "export { deleteAccount as POST } from '../../../connectors/supabase/server/delete-account';\n",
      },
    ]);
    expect(textOf('supabase/delete-account.ts', served)).not.toContain('!serverUrl');
    expect(textOf('supabase/delete-account.ts', contribute(deletion))).toContain('if (!serverUrl)');
  });

  it('keeps the session of a Next.js app in cookies where a server reads them, else in the browser', () => {
    const packagesOf = (facts: Partial<AppFacts>, options = {}) =>
      contribute(options, facts).packages.map(({ name, range }) => `${name}@${range}`);
    const both = ['@supabase/supabase-js@2.119.0', '@supabase/ssr@0.12.7'];
    expect(packagesOf(nextApp, { sessionStorage: 'async-storage', oauth: true })).toEqual(both);
    expect(packagesOf({ ...pages, major: 15, version: '15.5.29' })).toEqual(both);
    expect(packagesOf(exportedNext)).toEqual(['@supabase/supabase-js@2.119.0']);
    expect(packagesOf(nextApp, { auth: false })).toEqual(['@supabase/supabase-js@2.119.0']);
    expect(() => contribute({}, { ...nextApp, major: 14, version: '14.2.0' })).toThrow(
      expect.objectContaining({ code: 'unsupported_sdk' }),
    );
    const shared = ['config.ts', 'database.types.ts'];
    const signIn = ['rows.ts', 'sign-in-form.tsx', 'sign-in.ts', 'supabase-provider.tsx', 'use-rows.ts'];
    const server = ['server/request-client.ts'];
    expect(namesOf(contribute({}, nextApp))).toEqual(
      ['client.ts', ...shared, ...signIn, 'server/renew-session.ts', ...server].toSorted(),
    );
    expect(namesOf(contribute({}, pages))).toEqual(['client.ts', ...shared, ...signIn, ...server].toSorted());
    expect(namesOf(contribute({}, exportedNext))).toEqual(
      ['client.ts', 'session-options.ts', ...shared, ...signIn].toSorted(),
    );
    expect(contribute({ auth: false }, nextApp).provider).toBeUndefined();
    expect(contribute({}, nextApp).nativeChanges).toEqual([]);
  });

  it('marks what holds state as code of the browser, and reads the public values of Next.js', () => {
    const { files, environmentKeys } = contribute(everything, nextApp);
    expect(environmentKeys.map(({ key }) => key)).toEqual([
      'NEXT_PUBLIC_SUPABASE_URL',
      'NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY',
      'SUPABASE_SECRET_KEY',
    ]);
    const clients = files.filter(({ text }) => text.startsWith("'use client';\n"));
    expect(namesOf({ files: clients })).toEqual(['sign-in-form.tsx', 'supabase-provider.tsx']);
    const server = files.find(({ path }) => path.endsWith('/server/delete-account.ts'));
    expect(server?.text).toContain('process.env.NEXT_PUBLIC_SUPABASE_URL');
  });

  it('runs the handler as a route of either router of Next.js, and nowhere without a server', () => {
    const routes = (facts: Partial<AppFacts>) =>
      contribute({ accountDeletion: true }, facts)
        .files.filter(({ path }) => path.includes('/api/'))
        .map(({ path, text }) => [path, text]);
    expect(routes(nextApp)).toEqual([
      [
        'app/api/supabase/delete-account/route.ts',
        "export { deleteAccount as POST } from '../../../../connectors/supabase/server/delete-account';\n",
      ],
    ]);
    expect(routes(pages)).toEqual([
      [
        'src/pages/api/supabase/delete-account.ts',
        expect.stringContaining("from '../../../connectors/supabase/server/delete-account';\n"),
      ],
    ]);
    expect(routes(exportedNext)).toEqual([]);
    const asked = (facts: Partial<AppFacts>) =>
      textOf('supabase/delete-account.ts', contribute({ accountDeletion: true }, facts));
    expect(asked(nextApp)).not.toContain('!serverUrl');
    expect(asked(exportedNext)).toContain('if (!serverUrl)');
  });

  it('says what renews sessions, by the name that the version of Next.js has for it', () => {
    const proxy = (facts: Partial<AppFacts>) =>
      contribute({}, facts).nextSteps.find(({ snippet }) => snippet?.includes('renewSession'));
    expect(proxy(nextApp)?.text.en).toContain('Let proxy.ts renew');
    expect(proxy(nextApp)?.snippet).toContain("from './connectors/supabase/server/renew-session'");
    const older = { ...nextApp, major: 15, sourceDir: 'src', routesDir: 'src/app', language: 'javascript' } as const;
    expect(proxy(older)?.text.en).toContain('Let src/middleware.js renew');
    expect(proxy(older)?.snippet).toMatch(
      /^import .* from '.\/connectors\/supabase\/server\/renew-session';\n\nexport const middleware = \(request\) =>/,
    );
    expect(proxy(pages)).toBeUndefined();
    expect(proxy(exportedNext)).toBeUndefined();
  });

  it('writes no file of types alone into a JavaScript app', () => {
    const paths = contribute(everything, { language: 'javascript' }).files.map(({ path }) => path);
    expect(paths.filter((path) => path.includes('types'))).toEqual([]);
  });

  it('gives SQL with row level security and grants, for people who sign in or for everybody', () => {
    const sql = (options: Record<string, unknown>) =>
      contribute(options)
        .nextSteps.map(({ snippet = '' }) => snippet)
        .filter((snippet) => /^(create|insert|alter)/.test(snippet));
    const [table, publication, bucket] = sql(everything);
    expect(table).toMatch(
      /enable row level security;\ngrant .* on public\.notes to authenticated;[^]*user_id = \(select auth/,
    );
    expect(publication).toBe('alter publication supabase_realtime add table public.notes;');
    expect(bucket).toMatch(/'notes-files', false\)[^]*foldername\(name\)/);
    expect(sql({ auth: false }).join()).toMatch(/grant select on public\.todos to anon;/);
    expect(sql({ auth: false }).join()).not.toContain('user_id');
  });

  it('type-checks in every combination, with nothing left unused', async () => {
    await expectTypeChecks(differing, {
      compilerOptions: { exactOptionalPropertyTypes: true, noImplicitReturns: true },
      files: [fileURLToPath(new URL('templates/framework-modules.d.ts', import.meta.url))],
    });
  });

  it('type-checks for two projects in one app, each with a client and a wrapper of its own', async () => {
    const wanted = ['', 'auth'].map((alias) => ({
      connector: 'supabase',
      alias,
      version: '1',
      options: everything,
      contribution: contribute(everything, router, alias),
    }));
    const installed = textsOf(install(blankApp(), ...wanted));
    const files = Object.entries(installed)
      .filter(([path]) => path.includes('connectors/'))
      .map(([path, text]) => ({ path, text, purpose: '' }));
    expect(files.find(({ path }) => path.endsWith('/providers.tsx'))?.text).toMatch(
      /<SupabaseConnectorOfSupabase>\s*<SupabaseConnectorOfSupabaseAuth>/,
    );
    await expectTypeChecks([{ files }], {
      compilerOptions: { exactOptionalPropertyTypes: true, noImplicitReturns: true },
      files: [fileURLToPath(new URL('templates/framework-modules.d.ts', import.meta.url))],
    });
    expect(textOf('client.ts', wanted[1]?.contribution)).toContain('storageKey');
    expect(textOf('client.ts', wanted[0]?.contribution)).not.toContain('storageKey');
  });

  it('reads as if the app’s own formatter had been over it', async () => {
    await expectFormatted(differing);
  });
});
