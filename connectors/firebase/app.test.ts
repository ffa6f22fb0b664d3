import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deleteApp, getApps } from 'firebase/app';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Simulator } from '../../contract/connector.ts';
import { expoApp, nextApp } from '../../test/harness/app-facts.ts';
import { firebase } from './index.ts';
import { credentials } from './samples.ts';

type Result = Record<string, unknown> & { status: string };
type Functions = Record<string, (...given: unknown[]) => Promise<Result>>;

const root = fileURLToPath(new URL('../..', import.meta.url));
const undo: (() => Promise<void>)[] = [];
let simulator: Simulator;
beforeAll(async () => {
  simulator = await (await firebase.loadSimulator())();
  // The SDK takes the fetch that is there when it is loaded, and keeps it.
  const real = globalThis.fetch;
  vi.stubGlobal('fetch', (input: string | URL, init?: RequestInit) => {
    const url = new URL(input);
    return real(url.hostname.endsWith('.googleapis.com') ? simulator.url + url.pathname + url.search : url, init);
  });
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await simulator.close();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(getApps().map(deleteApp));
  for (const one of undo.splice(0)) await one();
});

// Stand-ins for native packages, which Node cannot load.
const reactNative = (module: string) =>
  `export const TurboModuleRegistry = { get: (name) => (name === '${module}' ? {} : null) };`;
const nativeAuth = `export const getAuth = () => ({ currentUser: { uid: 'u1' } });
export const signInWithEmailAndPassword = async () => ({});
export const signOut = async () => {
  throw Object.assign(new Error('[auth/no-current-user] No user.'), { code: 'auth/no-current-user' });
};`;
const nativeAnalytics = `export const getAnalytics = () => ({});
export const logEvent = (_, name) => {
  if (name === 'app_remove') throw new Error('reserved');
};`;

interface Case {
  values?: Record<string, string> | undefined;
  options?: Record<string, unknown>;
  /** As Metro chooses files: those for the web first, where there is one. An app of Next.js runs in a browser and on its server. */
  platform: 'web' | 'device' | 'next in the browser' | 'next on the server';
  packages?: Record<string, string>;
}

/** An app on disk with the generated files and the real SDK of Firebase for Node; gives the functions of all its modules. */
async function makeApp({ values = {}, options = {}, platform, packages = {} }: Case): Promise<Functions> {
  const folder = await mkdtemp(join(tmpdir(), 'graft-firebase-app-'));
  undo.push(() => rm(folder, { recursive: true }));
  if (platform === 'next in the browser') {
    Object.assign(globalThis, { window: {} });
    undo.push(async () => void Reflect.deleteProperty(globalThis, 'window'));
  }
  const contribution = firebase.contribute({
    app: platform.startsWith('next') ? nextApp : expoApp,
    alias: '',
    options: { storage: true, analytics: true, ...options },
  });
  const paths = new Set(contribution.files.map(({ path }) => path));
  const chosen = contribution.files.filter(({ path }) =>
    platform === 'web' ? !paths.has(path.replace(/\.ts$/, '.web.ts')) : !path.endsWith('.web.ts'),
  );
  const all = [
    // Node finds files by their whole name.
    ...chosen.map(({ path, text }) => ({
      path: path.replace('.web.ts', '.ts'),
      text: text.replaceAll(/'(\.\/[\w-]+)(\.web)?'/g, "'$1.ts'"),
    })),
    ...Object.entries(packages).flatMap(([name, text]) => [
      { path: `node_modules/${name}/index.js`, text },
      { path: `node_modules/${name}/package.json`, text: '{"type":"module","exports":"./index.js"}' },
    ]),
  ];
  for (const { path, text } of all) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  await symlink(join(root, 'node_modules/firebase'), join(folder, 'node_modules/firebase'));
  for (const { key, credential } of contribution.environmentKeys) vi.stubEnv(key, values[credential]);
  const modules = ['sign-in', 'documents', 'files', 'analytics'];
  const loaded = await Promise.all(
    modules.map((name): Promise<Functions> => import(join(folder, `connectors/firebase/${name}.ts`))),
  );
  return Object.assign({}, ...loaded);
}

const call = async (app: Functions, name: string, ...given: unknown[]): Promise<Result> =>
  (await app[name]?.(...given)) ?? expect.fail(`${name} answered nothing`);
const person = ['person@example.com', 'correct horse'] as const;
const calls = [
  ['signIn', ...person],
  ['signUp', ...person],
  ['resetPassword', person[0]],
  ['signOut'],
  ['readDocuments'],
  ['addDocument', { title: 'Milk' }],
  ['uploadFile', 'data:,x', 'x.txt', 'text/plain'],
  ['linkTo', 'files/u1/x.txt'],
  ['logEvent', 'screen_view'],
] as const;

describe('the generated app code', () => {
  const { storageBucket: _, ...withoutBucket } = credentials();
  it.each([
    ['no values', 'web', {}, 'EXPO_PUBLIC_FIREBASE_API_KEY'],
    ['no bucket', 'web', withoutBucket, 'EXPO_PUBLIC_FIREBASE_STORAGE_BUCKET'],
    ['an empty projectId', 'web', { ...credentials(), projectId: '' }, 'EXPO_PUBLIC_FIREBASE_PROJECT_ID'],
    ['no values', 'next in the browser', {}, 'NEXT_PUBLIC_FIREBASE_API_KEY'],
    ['no bucket', 'next on the server', withoutBucket, 'NEXT_PUBLIC_FIREBASE_STORAGE_BUCKET'],
  ] as const)('explains itself with %s, %s', async (_name, platform, values, missing) => {
    const app = await makeApp({ values, platform });
    for (const [name, ...given] of calls) {
      expect(await call(app, name, ...given), name).toEqual({
        status: 'not_configured',
        key: missing,
        message: expect.stringMatching(`${missing} is not set.*npm run -s env -- pull`),
      });
    }
  });

  it.each(['web', 'next in the browser'] as const)(
    'signs up, in and out, and says why it did not: %s',
    async (platform) => {
      const app = await makeApp({ values: credentials(), platform });
      expect(await call(app, 'signIn', ...person)).toEqual({
        status: 'failed',
        code: 'auth/invalid-credential',
        message: 'The e-mail address or the password is wrong.',
      });
      expect(await call(app, 'signUp', person[0], 'short')).toMatchObject({ code: 'auth/weak-password' });
      expect(await call(app, 'readDocuments')).toEqual({ status: 'signed_out' });
      expect(await call(app, 'addDocument', {})).toEqual({ status: 'signed_out' });
      expect(await call(app, 'uploadFile', 'data:,x', 'x.txt', 'text/plain')).toEqual({ status: 'signed_out' });
      const newcomer = [`${platform.replaceAll(' ', '.')}@example.com`, person[1]];
      expect(await call(app, 'signUp', ...newcomer)).toEqual({ status: 'signed_in' });
      expect(await call(app, 'signOut')).toEqual({ status: 'signed_out' });
      expect(await call(app, 'signIn', ...newcomer)).toEqual({ status: 'signed_in' });
      expect(await call(app, 'signOut')).toEqual({ status: 'signed_out' });
    },
  );

  it('signs nobody in on a server of Next.js, whom all visitors would share', async () => {
    const app = await makeApp({ values: credentials(), platform: 'next on the server' });
    for (const [name, ...given] of calls.filter(([one]) => !['linkTo', 'logEvent'].includes(one))) {
      expect(await call(app, name, ...given), name).toMatchObject({
        status: 'failed',
        message: expect.stringContaining('only in the browser'),
      });
    }
    expect(await call(app, 'logEvent', 'share')).toMatchObject({ status: 'unsupported' });
  });

  it.each(['web', 'next in the browser'] as const)(
    'lives through placeholders, and rejects nothing: %s',
    async (platform) => {
      const placeholders = Object.fromEntries(Object.keys(credentials()).map((name) => [name, 'graft-placeholder']));
      const app = await makeApp({ values: placeholders, platform });
      expect(await call(app, 'signIn', ...person)).toMatchObject({ status: 'failed' });
      expect(await call(app, 'logEvent', 'screen_view')).toMatchObject({ status: 'unsupported' });
    },
  );

  it('loads no native SDK where its native code is missing', async () => {
    const app = await makeApp({
      options: { sdk: 'native' },
      platform: 'device',
      packages: { 'react-native': reactNative('another') },
    });
    for (const [name, ...given] of calls) {
      expect(await call(app, name, ...given), name).toMatchObject({
        status: 'not_configured',
        key: 'googleServicesFile',
      });
    }
  });

  it('uses the native SDK where its native code is there', async () => {
    const app = await makeApp({
      options: { sdk: 'native' },
      platform: 'device',
      packages: {
        'react-native': reactNative('NativeRNFBTurboApp'),
        '@react-native-firebase/auth': nativeAuth,
        '@react-native-firebase/analytics': nativeAnalytics,
      },
    });
    expect(await call(app, 'signIn', ...person)).toEqual({ status: 'signed_in' });
    expect(await call(app, 'signOut')).toMatchObject({ status: 'failed', code: 'auth/no-current-user' });
    expect(await call(app, 'logEvent', 'screen_view')).toEqual({ status: 'logged' });
    expect(await call(app, 'logEvent', 'app_remove')).toMatchObject({ status: 'failed', message: 'reserved' });
    // The package is not there, which is answered too.
    expect(await call(app, 'linkTo', 'x.txt')).toMatchObject({ status: 'failed' });
  });

  it('serves the web by the values of the environment with the native SDK too', async () => {
    const app = await makeApp({ values: credentials(), options: { sdk: 'native' }, platform: 'web' });
    expect(await call(app, 'signIn', 'nobody@example.com', 'x')).toMatchObject({ code: 'auth/invalid-credential' });
  });
});
