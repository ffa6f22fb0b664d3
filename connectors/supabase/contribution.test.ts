import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { AppFacts, Contribution } from '../../contract/connector.ts';
import { supabase } from './index.ts';
import { combinations, everything } from './samples.ts';

const app: AppFacts = {
  framework: 'expo',
  version: '57.0.26',
  major: 57,
  language: 'typescript',
  router: 'none',
  sourceDir: '',
  routesDir: '',
  serverRoutes: false,
  scheme: undefined,
};
const contribute = (options: Record<string, unknown> = {}, facts: Partial<AppFacts> = {}, alias = '') =>
  supabase.contribute({ app: { ...app, ...facts }, alias, options });
const textOf = (name: string, contribution = contribute()) => {
  const file = contribution.files.find(({ path }) => path.endsWith(`/${name}`));
  return file?.text ?? expect.fail(`${name} is not among the files`);
};
const router = { router: 'expo-router', sourceDir: 'src', routesDir: 'src/app', scheme: 'shop' } as const;

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Those of the variants that have a file, or one that it imports, which no earlier variant has in this form. */
function firstOfEachForm(all: readonly Contribution[]): Contribution[] {
  const seen = new Set<string>();
  return all.filter(({ files }) => {
    const texts = new Map(files.map(({ path, text }) => [path.replace(/\.tsx?$/, ''), text]));
    const forms = [...texts].map(([path, text]) => {
      const imports = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, to = '']) => posix.join(posix.dirname(path), to));
      return [text, ...imports.map((to) => texts.get(to) ?? expect.fail(`${path} imports ${to}`))].join('\0');
    });
    const isNew = forms.some((form) => !seen.has(form));
    for (const form of forms) seen.add(form);
    return isNew;
  });
}

const variants = [...combinations, everything].flatMap((options) => [
  contribute(options),
  contribute(options, { ...router, serverRoutes: true }),
]);
const differing = firstOfEachForm(variants);

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
    expect(without.files.map(({ path }) => path)).toEqual(
      ['config', 'client', 'database.types', 'session-options', 'rows', 'use-rows', 'files'].map(
        (name) => `connectors/supabase/${name}.ts`,
      ),
    );
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
    const folder = await mkdtemp(join(tmpdir(), 'graft-supabase-types-'));
    try {
      for (const [index, { files }] of differing.entries()) {
        for (const { path, text } of files) {
          await mkdir(dirname(join(folder, `${index}`, path)), { recursive: true });
          await writeFile(join(folder, `${index}`, path), text);
        }
      }
      await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
      const config = {
        extends: join(root, 'connectors/tsconfig.json'),
        compilerOptions: { exactOptionalPropertyTypes: true, noImplicitReturns: true },
        include: ['*/**/*'],
        files: [join(root, 'connectors/supabase/templates/expo-modules.d.ts')],
        exclude: ['node_modules'],
      };
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
      const tsc = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
      expect(`${tsc.stdout}${tsc.stderr}`).toBe('');
      expect(tsc.status).toBe(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('reads as if the app’s own formatter had been over it', async () => {
    const { format } = await import('oxfmt');
    const seen = new Map(differing.flatMap(({ files }) => files).map(({ path, text }) => [text, path]));
    for (const [text, path] of seen) {
      const { code } = await format(path, text, { printWidth: 100, singleQuote: true });
      expect(text, path).toBe(code);
    }
  });
});
