import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { expoApp } from '../../test/harness/app-facts.ts';
import { onesignal } from './index.ts';
import { appId } from './samples.ts';

type Result = { status: string; key?: string; message?: string };
type Functions = Record<string, (...given: unknown[]) => unknown>;
/** The stand-in for OneSignal's SDK: what it was asked, and what it is told to do. */
interface Device {
  calls: unknown[][];
  permission: boolean;
  mayAsk: boolean;
  answer: boolean;
  fault?: Error;
  listeners: Map<string, Set<(event: unknown) => void>>;
}
interface Setting {
  options?: Record<string, unknown>;
  value?: string | undefined;
  platform?: 'ios' | 'android';
  /** Is the native code of OneSignal part of the build? */
  native?: boolean;
}

const sdk = `
  export const device = { calls: [], permission: false, mayAsk: true, answer: true, listeners: new Map() };
  const call = (name) => (...given) => {
    if (device.fault) throw device.fault;
    device.calls.push([name, ...given]);
  };
  const of = (kind) => ({
    addEventListener(event, listener) {
      const name = kind + event;
      if (!device.listeners.has(name)) device.listeners.set(name, new Set());
      device.listeners.get(name).add(listener);
    },
    removeEventListener(event, listener) { device.listeners.get(kind + event)?.delete(listener); },
  });
  export const OneSignal = {
    initialize: call('initialize'), login: call('login'), logout: call('logout'),
    User: { addTag: call('addTag'), removeTag: call('removeTag') },
    Notifications: {
      ...of('notification '),
      getPermissionAsync: async () => device.permission,
      canRequestPermission: async () => device.mayAsk,
      requestPermission: async (settings) => { call('requestPermission')(settings); return device.answer; },
      registerForProvisionalAuthorization: () => call('provisional')(),
    },
    InAppMessages: { ...of('message '), addTrigger: call('addTrigger'), setPaused: call('setPaused') },
  };`;
const reactNative = ({ platform = 'ios', native = true }: Setting) =>
  `export const Platform = { OS: '${platform}' };
   export const TurboModuleRegistry = { get: (name) => (${native} && name === 'OneSignal' ? {} : null) };`;

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  for (const one of undo.splice(0)) await one();
});

/** An app on disk with the generated files and stand-ins for native packages, which Node cannot load. */
async function makeApp(setting: Setting = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'graft-onesignal-app-'));
  undo.push(() => rm(folder, { recursive: true }));
  const { files } = onesignal.contribute({ app: expoApp, alias: '', options: setting.options ?? {} });
  // Like the real package, which ends the app that imports it without its native code.
  const guard = setting.native === false ? `throw new Error('TurboModuleRegistry.getEnforcing');` : '';
  const packages = { 'react-native': reactNative(setting), 'react-native-onesignal': guard + sdk };
  const all = [
    ...files,
    ...Object.entries(packages).flatMap(([name, text]) => [
      { path: `node_modules/${name}/index.js`, text },
      { path: `node_modules/${name}/package.json`, text: '{"type":"module","main":"index.js"}' },
    ]),
    { path: 'tsconfig.json', text: '{"compilerOptions":{"jsx":"react-jsx"}}' },
  ];
  for (const { path, text } of all) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  vi.stubEnv('EXPO_PUBLIC_ONESIGNAL_APP_ID', 'value' in setting ? setting.value : appId);
  vi.stubGlobal('__DEV__', true);
  const load = (name: string): Promise<Functions> => import(join(folder, 'connectors/onesignal', name));
  const names = ['onesignal.ts', 'permission.ts', 'notification-clicks.ts'];
  if (setting.options?.['inAppMessages'] !== false) names.push('in-app-messages.ts');
  const functions: Functions = Object.assign({}, ...(await Promise.all(names.map(load))));
  const loadDevice = async () =>
    ((await import(join(folder, 'node_modules/react-native-onesignal/index.js'))) as { device: Device }).device;
  return { functions, load, device: loadDevice };
}
const call = async ({ functions }: { functions: Functions }, name: string, ...given: unknown[]): Promise<Result> =>
  ((await functions[name]?.(...given)) as Result | undefined) ?? expect.fail(`${name} answered nothing`);

const asked = [
  ['signIn', 'person-1'],
  ['signOut'],
  ['addTag', 'plan', 'pro'],
  ['removeTag', 'plan'],
  ['readPermission'],
  ['requestPermission'],
  ['addTrigger', 'level', '3'],
  ['pauseInAppMessages', true],
] as const;

describe('the generated app code', () => {
  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['a placeholder', 'graft-placeholder'],
  ])('explains itself with %s for an App ID', async (_, value) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const app = await makeApp({ value });
    for (const [name, ...given] of asked) {
      expect(await call(app, name, ...given), name).toEqual({
        status: 'not_configured',
        key: 'EXPO_PUBLIC_ONESIGNAL_APP_ID',
        message: expect.stringMatching(/env -- pull/),
      });
    }
    await app.load('onesignal-provider.tsx');
    expect(warn.mock.calls).toEqual([[expect.stringContaining('EXPO_PUBLIC_ONESIGNAL_APP_ID is not set')]]);
    expect((await app.device()).calls).toEqual([]);
  });

  it('starts without the native code, as in Expo Go, and says what is missing', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const app = await makeApp({ native: false });
    await app.load('onesignal-provider.tsx');
    for (const [name, ...given] of asked) {
      expect(await call(app, name, ...given), name).toEqual({
        status: 'failed',
        message: expect.stringContaining('build the app anew'),
      });
    }
    expect(warn).not.toHaveBeenCalled();
  });

  it('has a twin for the web that loads no SDK', async () => {
    const app = await makeApp({ native: false });
    const web = await app.load('sdk.web.ts');
    expect(web['unsupported']).toMatch(/iOS and Android/);
  });

  it('initializes the SDK once, whoever asks first', async () => {
    const app = await makeApp();
    await Promise.all([app.functions['setUp']?.(), call(app, 'signIn', 'person-1'), call(app, 'signOut')]);
    expect((await app.device()).calls).toEqual([['initialize', appId], ['login', 'person-1'], ['logout']]);
  });

  it('passes on what it is told, and what the SDK throws', async () => {
    const app = await makeApp();
    expect(await call(app, 'addTag', 'plan', 'pro')).toEqual({ status: 'done' });
    expect(await call(app, 'addTrigger', 'level', '3')).toEqual({ status: 'done' });
    const device = await app.device();
    expect(device.calls.slice(1)).toEqual([
      ['addTag', 'plan', 'pro'],
      ['addTrigger', 'level', '3'],
    ]);
    device.fault = new Error('The SDK said so.');
    expect(await call(app, 'removeTag', 'plan')).toEqual({ status: 'failed', message: 'The SDK said so.' });
  });

  it.each([
    { permissionPrompt: 'button', platform: 'ios', calls: [] },
    { permissionPrompt: 'start', platform: 'android', calls: [['requestPermission', false]] },
    { permissionPrompt: 'provisional', platform: 'ios', calls: [['provisional']] },
    { permissionPrompt: 'provisional', platform: 'android', calls: [] },
  ] as const)('asks at the start what $permissionPrompt means on $platform', async (one) => {
    const app = await makeApp({ options: { permissionPrompt: one.permissionPrompt }, platform: one.platform });
    await app.functions['setUp']?.();
    expect((await app.device()).calls).toEqual([['initialize', appId], ...one.calls]);
  });

  it('pauses in-app messages where they are not wanted', async () => {
    const app = await makeApp({ options: { inAppMessages: false } });
    await app.functions['setUp']?.();
    expect((await app.device()).calls).toContainEqual(['setPaused', true]);
  });

  it('knows whether it may notify, may ask, or was declined', async () => {
    const app = await makeApp();
    expect(await call(app, 'readPermission')).toEqual({ status: 'not_asked' });
    const device = await app.device();
    device.mayAsk = false;
    expect(await call(app, 'readPermission')).toEqual({ status: 'denied' });
    device.permission = true;
    expect(await call(app, 'readPermission')).toEqual({ status: 'granted' });
    expect(await call(app, 'requestPermission')).toEqual({ status: 'granted' });
    device.answer = false;
    expect(await call(app, 'requestPermission')).toEqual({ status: 'denied' });
  });

  it.each([
    ['watchPermission', 'notification permissionChange', true, undefined],
    [
      'watchNotificationClicks',
      'notification click',
      { notification: { notificationId: '1', body: 'Hello', additionalData: { screen: 'cart' } }, result: {} },
      { notificationId: '1', body: 'Hello', data: { screen: 'cart' } },
    ],
    ['watchInAppClicks', 'message click', { result: { actionId: 'buy' } }, { result: { actionId: 'buy' } }],
  ])('tells through %s, until it is stopped', async (name, event, sent, told) => {
    const app = await makeApp();
    const handler = vi.fn<(told: unknown) => void>();
    const stop = app.functions[name]?.(handler) as () => void;
    const device = await app.device();
    await vi.waitFor(() => expect(device.listeners.get(event)?.size).toBe(1));
    for (const listener of device.listeners.get(event) ?? []) listener(sent);
    expect(handler).toHaveBeenCalledTimes(1);
    if (told) expect(handler.mock.calls[0]?.[0]).toMatchObject(told);
    stop();
    expect(device.listeners.get(event)?.size).toBe(0);

    const early = app.functions[name]?.(handler) as () => void;
    early();
    await app.functions['setUp']?.();
    expect(device.listeners.get(event)?.size).toBe(0);
  });
});
