import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { AppFacts, Contribution } from '../../contract/connector.ts';
import { firebase } from './index.ts';
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
const contribute = (options: Record<string, unknown> = {}, facts: Partial<AppFacts> = {}) =>
  firebase.contribute({ app: { ...app, ...facts }, alias: '', options });
const names = ({ files }: Contribution) => files.map(({ path }) => path.replace('connectors/firebase/', ''));
const textOf = (name: string, contribution: Contribution) => {
  const file = contribution.files.find(({ path }) => path.endsWith(`/${name}`));
  return file?.text ?? expect.fail(`${name} is not among the files`);
};
const native = { ...everything, sdk: 'native' };
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
const differing = firstOfEachForm(combinations.map((options) => contribute(options)));

describe('what is generated', () => {
  it('pins the packages that belong to each Expo SDK, and only those that the options need', () => {
    const ranges = (options = {}, major = 57) =>
      contribute(options, { major }).packages.map(({ name, range }) => `${name}@${range}`);
    expect(ranges()).toEqual(['firebase@12.17.1', '@react-native-async-storage/async-storage@2.2.0']);
    expect(ranges({ auth: false })).toEqual(['firebase@12.17.1']);
    expect(ranges({ sdk: 'native', firestore: false }, 54)).toEqual([
      'firebase@12.17.1',
      '@react-native-firebase/app@26.4.0',
      '@react-native-firebase/auth@26.4.0',
      'expo-build-properties@~1.0.10',
    ]);
    expect(() => contribute({}, { major: 58 })).toThrow(expect.objectContaining({ code: 'unsupported_sdk' }));
  });

  it('brings the version of Firebase that React Native Firebase brings itself', async () => {
    const manifest: { default: { dependencies: Record<string, string> } } = await import(
      '@react-native-firebase/app/package.json',
      { with: { type: 'json' } }
    );
    const version = contribute().packages.find(({ name }) => name === 'firebase')?.range;
    expect(manifest.default.dependencies['firebase']).toBe(version);
  });

  it('sets up native projects for the native SDK alone', () => {
    expect(contribute(everything).configPlugins).toEqual([]);
    expect(contribute(native).configPlugins.map(({ name }) => name)).toEqual([
      '@react-native-firebase/app',
      'expo-build-properties',
    ]);
    const snippets = contribute(native).nextSteps.map(({ snippet }) => snippet);
    expect(snippets).toContainEqual(expect.stringContaining('googleServicesFile'));
    expect(
      contribute()
        .nextSteps.map(({ snippet = '' }) => snippet)
        .join(),
    ).not.toContain('googleServicesFile');
  });

  it('keeps each SDK where it works', () => {
    const of = (contribution: Contribution, sdk: string) =>
      contribution.files.filter(({ text }) => text.includes(sdk)).map(({ path }) => posix.basename(path));
    const js = ['auth-sdk', 'auth-sdk.web', 'firebase-app', 'firestore-sdk', 'storage-sdk', 'analytics-sdk.web'];
    expect(of(contribute(everything), "'firebase/").toSorted()).toEqual(js.map((name) => `${name}.ts`).toSorted());
    expect(of(contribute(everything), '@react-native-firebase')).toEqual([]);
    const products = ['auth', 'firestore', 'storage', 'analytics'].map((product) => `${product}-sdk`);
    expect(of(contribute(native), "import('@react-native-firebase/").toSorted()).toEqual(
      products.map((name) => `${name}.ts`).toSorted(),
    );
    expect(of(contribute(native), "'firebase/").toSorted()).toEqual(
      [...products, 'firebase-app'].map((name) => `${name}.web.ts`).toSorted(),
    );
  });

  it('loads the native SDK nowhere before its native code was looked for', () => {
    for (const { path, text } of contribute(native).files) {
      expect(text, path).not.toMatch(/^import (?!type).*'@react-native-firebase/m);
      if (text.includes("import('@react-native-firebase")) {
        expect(text, path).toMatch(/if \(!isConfigured\) return undefined;\n.*import\(/s);
      }
    }
  });

  it('wraps the app only where people sign in, and gives everybody their own documents and files there', () => {
    expect(contribute().provider).toMatchObject({ component: 'FirebaseConnector' });
    expect(textOf('documents.ts', contribute())).toContain("'users', uid, 'notes'");
    const open = contribute({ auth: false, storage: true, collection: 'tasks' });
    expect(open.provider).toBeUndefined();
    expect(names(open)).toEqual([
      'config.ts',
      'web-config.ts',
      'firebase-app.ts',
      'firestore-sdk.ts',
      'documents.ts',
      'use-documents.ts',
      'storage-sdk.ts',
      'files.ts',
    ]);
    expect(textOf('documents.ts', open)).toContain("sdk.collection(firestore, 'tasks')");
    expect(open.files.map(({ text }) => text).join()).not.toMatch(/uid|useUser/);
  });

  it('gives rules for people who sign in, or for everybody to read', () => {
    const rules = (options: Record<string, unknown>) =>
      contribute(options)
        .nextSteps.map(({ snippet = '' }) => snippet)
        .filter((snippet) => snippet.startsWith('rules_version'));
    expect(rules(everything)).toEqual([
      expect.stringMatching(/match \/users\/\{uid\}\/notes\/\{document\}[^]*request\.auth\.uid == uid/),
      expect.stringMatching(/match \/files\/\{uid\}\/\{file=\*\*\}[^]*request\.auth\.uid == uid/),
    ]);
    expect(rules({ auth: false }).join()).toMatch(/match \/notes\/\{document\} \{\n\s+allow read: if true;/);
    expect(rules({ auth: false }).join()).not.toContain('write');
  });

  it('publishes no service account, and of the web config what the code reads', () => {
    const keys = (options = {}) => contribute(options).environmentKeys.map(({ credential }) => credential);
    const always = ['apiKey', 'authDomain', 'projectId', 'messagingSenderId', 'appId'];
    expect(keys()).toEqual(always);
    expect(keys(everything)).toEqual([...always, 'storageBucket', 'measurementId']);
    for (const options of combinations) {
      const { files, environmentKeys } = contribute(options);
      const text = files.map((file) => file.text).join('\n');
      for (const { key } of environmentKeys) expect(text).toContain(`process.env.${key}`);
    }
  });

  it('type-checks in every combination, with nothing left unused', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'graft-firebase-types-'));
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
