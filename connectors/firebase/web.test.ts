import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ReactElement, type ReactNode, createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AppFacts } from '../../contract/connector.ts';
import { expectFormatted, expectTypeChecks, firstOfEachForm } from '../../test/conformance/generated-code.ts';
import { nextApp } from '../../test/harness/app-facts.ts';
import { firebase } from './index.ts';
import { combinations, credentials, everything } from './samples.ts';

const packages = fileURLToPath(new URL('../../node_modules', import.meta.url));
const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  for (const one of undo.splice(0)) await one();
});

const contribute = (options: Record<string, unknown> = {}, facts: Partial<AppFacts> = {}) =>
  firebase.contribute({ app: { ...nextApp, ...facts }, alias: '', options });

interface FormProps {
  onSubmit: (event: object) => void;
}
interface Parts {
  FirebaseConnector: (props: { children?: ReactNode }) => ReactNode;
  SignInForm: (props: { onResult?: (result: object) => void }) => ReactElement<FormProps>;
  useDocuments: () => { status: string };
  useUser: () => { status: string };
}

// A stand-in for the SDK, which tells `globalThis.signedIn` of the addresses that it is given.
const standIn = {
  'package.json': '{"type":"module","exports":{"./*":"./*.js"}}',
  'app.js': 'export const getApps = () => [];\nexport const initializeApp = () => ({});',
  'auth.js': `export const getAuth = () => ({});
export const signInWithEmailAndPassword = async (_auth, email) => void globalThis.signedIn.push(email);`,
};

/** The generated files on disk, with these values in the environment; gives what pages use of them. */
async function loadParts(values: Record<string, string>, sdk: Record<string, string> = {}): Promise<Parts> {
  const folder = await mkdtemp(join(tmpdir(), 'graft-firebase-next-'));
  undo.push(() => rm(folder, { recursive: true }));
  const { files, environmentKeys } = contribute(everything);
  const config = { path: 'tsconfig.json', text: '{"compilerOptions":{"jsx":"react-jsx"}}' };
  const stub = Object.entries(sdk).map(([name, text]) => ({ path: `node_modules/firebase/${name}`, text }));
  for (const { path, text } of [...files, config, ...stub]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  for (const name of stub.length === 0 ? ['react', 'firebase'] : ['react'])
    await symlink(join(packages, name), join(folder, 'node_modules', name));
  for (const { key, credential } of environmentKeys) vi.stubEnv(key, values[credential]);
  const names = ['firebase-provider.tsx', 'sign-in-form.tsx', 'use-documents.ts'];
  const modules = await Promise.all(
    names.map((name): Promise<Partial<Parts>> => import(join(folder, 'connectors/firebase', name))),
  );
  return Object.assign({} as Parts, ...modules);
}

const placeholders = Object.fromEntries(Object.keys(credentials()).map((name) => [name, 'graft-placeholder']));

describe('in an app of Next.js', () => {
  it.each([
    ['no values', {}, 'not_configured'],
    ['placeholders', placeholders, 'loading'],
    ['values', credentials(), 'loading'],
  ])('renders on the server with %s, and calls nobody', async (_, values, status) => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    const { FirebaseConnector, SignInForm, useDocuments, useUser } = await loadParts(values);
    function Page() {
      return createElement('p', null, `${useUser().status}, ${useDocuments().status}`, createElement(SignInForm));
    }
    const html = renderToString(createElement(FirebaseConnector, null, createElement(Page)));
    expect(html).toMatch(new RegExp(`^<p>${status}, loading<form.*Sign in</button>.*</form></p>$`));
    expect(fetched).not.toHaveBeenCalled();
  });

  it('signs in from its form, whether or not somebody waits for the result', async () => {
    const signedIn: string[] = [];
    vi.stubGlobal('signedIn', signedIn);
    vi.stubGlobal('window', {});
    const { SignInForm } = await loadParts(credentials(), standIn);
    const submit = (onResult?: (result: object) => void) => {
      let form: ReactElement<FormProps> | undefined;
      const Page = () => (form = SignInForm(onResult === undefined ? {} : { onResult }));
      renderToString(createElement(Page));
      form?.props.onSubmit({ preventDefault: () => {} });
    };
    submit();
    await expect.poll(() => signedIn).toHaveLength(1);
    expect(await new Promise<object>(submit)).toEqual({ status: 'signed_in' });
    expect(signedIn).toHaveLength(2);
  });

  it('loads what is large in the browser alone, when it is first used', () => {
    const products = ['auth', 'firestore', 'storage'];
    const loading = contribute(everything).files.flatMap(({ path, text }) => {
      expect(text, path).not.toMatch(/^(?:import|export) (?!type).*'firebase\/(?:auth|firestore|storage)'/m);
      return /import\('firebase\//.test(text) ? [posix.basename(path)] : [];
    });
    expect(loading.toSorted()).toEqual(products.map((product) => `${product}-sdk.ts`).toSorted());
  });

  it('marks as the browser’s whatever holds state', () => {
    for (const { path, text } of contribute(everything).files) {
      const stateful = /\buse(?:State|Effect|Context)\(/.test(text);
      expect(text.startsWith("'use client';\n\n"), path).toBe(stateful);
    }
  });

  it('brings the JavaScript SDK alone, whichever is asked for, and says so', () => {
    const [js, native] = [contribute(everything), contribute({ ...everything, sdk: 'native' })];
    expect(js.packages).toEqual([{ name: 'firebase', range: '12.17.1' }]);
    expect(native).toEqual({ ...js, nextSteps: expect.anything() });
    const said = ({ nextSteps }: typeof js) => nextSteps.map(({ text }) => text.en).join('\n');
    expect(said(native)).toContain('what runs here is the js SDK');
    expect(said(js)).not.toMatch(/native|Expo|device|Xcode/i);
    expect(() => contribute({}, { major: 14 })).toThrow(expect.objectContaining({ code: 'unsupported_sdk' }));
  });

  it('tells how to use it from the router’s folder', () => {
    const snippets = (facts: Partial<AppFacts>) =>
      contribute(everything, facts)
        .nextSteps.map(({ snippet }) => snippet ?? '')
        .filter((snippet) => snippet.includes('import'));
    const [inApp, inPages] = [{}, { router: 'next-pages', sourceDir: 'src', routesDir: 'src/pages' } as const].map(
      snippets,
    );
    for (const used of [inApp, inPages]) {
      expect(used).toHaveLength(4);
      for (const snippet of used ?? []) expect(snippet).toContain("from '../connectors/firebase/");
    }
    for (const snippet of inApp ?? [])
      expect(snippet.startsWith("'use client';\n"), snippet).toBe(/\buse[A-Z]\w+\(/.test(snippet));
    expect(inPages?.join()).not.toContain('use client');
    expect(inPages?.join()).toContain('uploadFile(file, file.name, file.type)');
  });

  const differing = firstOfEachForm(
    combinations.filter(({ sdk }) => sdk === 'js').map((options) => contribute(options)),
  );

  it('type-checks in every combination, with nothing left unused', async () => {
    await expectTypeChecks(differing, {
      compilerOptions: { exactOptionalPropertyTypes: true, noImplicitReturns: true },
    });
  });

  it('reads as if the app’s own formatter had been over it', async () => {
    await expectFormatted(differing);
  });
});
