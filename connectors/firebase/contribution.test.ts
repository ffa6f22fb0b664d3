import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AppFacts, Contribution } from '../../contract/connector.ts';
import { expectFormatted, expectTypeChecks, firstOfEachForm } from '../../test/conformance/generated-code.ts';
import { expoApp } from '../../test/harness/app-facts.ts';
import { firebase } from './index.ts';
import { combinations, everything } from './samples.ts';

const contribute = (options: Record<string, unknown> = {}, facts: Partial<AppFacts> = {}) =>
  firebase.contribute({ app: { ...expoApp, ...facts }, alias: '', options });
const names = ({ files }: Contribution) => files.map(({ path }) => path.replace('connectors/firebase/', ''));
const textOf = (name: string, contribution: Contribution) => {
  const file = contribution.files.find(({ path }) => path.endsWith(`/${name}`));
  return file?.text ?? expect.fail(`${name} is not among the files`);
};
const native = { ...everything, sdk: 'native' };
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
      'documents.ts',
      'use-documents.ts',
      'files.ts',
      'firebase-app.ts',
      'firestore-sdk.ts',
      'storage-sdk.ts',
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
    await expectTypeChecks(differing, {
      compilerOptions: { exactOptionalPropertyTypes: true, noImplicitReturns: true },
    });
  });

  it('reads as if the app’s own formatter had been over it', async () => {
    await expectFormatted(differing);
  });
});
