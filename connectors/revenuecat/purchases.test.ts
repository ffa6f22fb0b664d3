import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { expoApp } from '../../test/harness/app-facts.ts';
import { revenuecat } from './index.ts';
import { key } from './samples.ts';

type Result = { status: string; key?: string; message?: string; active?: boolean };
type Watched = Result & { info?: unknown };
interface Purchases {
  loadOffering: () => Promise<Result & { offering?: unknown }>;
  purchase: (chosen: unknown) => Promise<Result>;
  restore: () => Promise<Result>;
  signIn: (userId: string) => Promise<Result>;
  signOut: () => Promise<Result>;
  watchCustomer: (watcher: (customer: Watched) => void) => () => void;
}
/** The stand-in for RevenueCat's native packages: what it was asked, and what it is told to do. */
interface Store {
  configured: { apiKey: string }[];
  presented: unknown[];
  active: Record<string, object>;
  anonymous: boolean;
  configureError?: Error;
  purchaseError?: { code: string; message: string };
  paywall: string;
  update?: (info: unknown) => void;
}
interface Setting {
  options?: Record<string, unknown>;
  environment?: Record<string, string>;
  platform?: 'ios' | 'android';
  development?: boolean;
}

const sdk = `
  export const store = { configured: [], presented: [], active: {}, anonymous: true, paywall: 'NOT_PRESENTED' };
  const info = () => ({ entitlements: { active: { ...store.active } } });
  export const PURCHASES_ERROR_CODE = { PURCHASE_CANCELLED_ERROR: '1', PAYMENT_PENDING_ERROR: '20' };
  export default {
    configure(given) { if (store.configureError) throw store.configureError; store.configured.push(given); },
    addCustomerInfoUpdateListener(listener) { store.update = listener; },
    getCustomerInfo: async () => info(),
    getOfferings: async () => ({ current: store.offering ?? null }),
    purchasePackage: async () => {
      if (store.purchaseError) throw Object.assign(new Error(store.purchaseError.message), store.purchaseError);
      store.active.pro = {};
      return { customerInfo: info() };
    },
    restorePurchases: async () => info(),
    isAnonymous: async () => store.anonymous,
    logIn: async () => { store.anonymous = false; return { customerInfo: info() }; },
    logOut: async () => {
      if (store.anonymous) throw new Error('LogOut was called but the current user is anonymous.');
      store.anonymous = true;
      return info();
    },
  };`;
const ui = `
  import { store } from 'react-native-purchases';
  export const PAYWALL_RESULT = { NOT_PRESENTED: 'NOT_PRESENTED', ERROR: 'ERROR', CANCELLED: 'CANCELLED' };
  export default {
    presentPaywallIfNeeded: async (given) => { store.presented.push(given); return store.paywall; },
    presentCustomerCenter: async () => { store.presented.push('customer center'); },
  };`;
const reactNative = (platform: string) =>
  `export const Platform = { OS: '${platform}', select: (one) => one['${platform}'] ?? one.default };`;

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  for (const one of undo.splice(0)) await one();
});

/** An app on disk with the generated files and stand-ins for native packages, which Node cannot load. */
async function makeApp({ options = {}, environment = {}, platform = 'ios', development = true }: Setting) {
  const folder = await mkdtemp(join(tmpdir(), 'graft-revenuecat-app-'));
  undo.push(() => rm(folder, { recursive: true }));
  const { files, environmentKeys } = revenuecat.contribute({ app: expoApp, alias: '', options });
  const packages = {
    'react-native': reactNative(platform),
    'react-native-purchases': sdk,
    'react-native-purchases-ui': ui,
  };
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
  for (const { key: name } of environmentKeys) vi.stubEnv(name, environment[name]);
  vi.stubGlobal('__DEV__', development);
  const load = (path: string): Promise<unknown> => import(join(folder, path));
  const purchases = (await load('connectors/revenuecat/purchases.ts')) as Purchases;
  const { store } = (await load('node_modules/react-native-purchases/index.js')) as { store: Store };
  return { ...purchases, store, load: (name: string) => load(`connectors/revenuecat/${name}`) };
}

const iosKey = key('appl', 'good');
const androidKey = key('goog', 'good');
const testKey = key('test', 'good');
const ios = { EXPO_PUBLIC_REVENUECAT_IOS_API_KEY: iosKey };
const every = {
  ...ios,
  EXPO_PUBLIC_REVENUECAT_ANDROID_API_KEY: androidKey,
  EXPO_PUBLIC_REVENUECAT_TEST_API_KEY: testKey,
};
/** What a watcher is told first. */
const firstOf = ({ watchCustomer }: Purchases) => new Promise<Watched>((resolve) => void watchCustomer(resolve));

describe('the generated app code', () => {
  it('explains itself without a key, on each platform', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    for (const platform of ['ios', 'android'] as const) {
      const app = await makeApp({ platform });
      const name = `EXPO_PUBLIC_REVENUECAT_${platform.toUpperCase()}_API_KEY`;
      const missing = { status: 'not_configured', key: name, message: expect.stringMatching(/env -- pull/) };
      expect(await app.restore()).toEqual(missing);
      expect(await app.loadOffering()).toEqual(missing);
      expect(await firstOf(app)).toEqual(missing);
      expect(app.store.configured).toEqual([]);
      await app.load('revenuecat-provider.tsx');
      expect(warn.mock.calls.splice(0)).toEqual([[expect.stringContaining(`${name} is not set`)]]);
    }
  });

  it.each([
    { platform: 'ios', development: false, environment: every, apiKey: iosKey },
    { platform: 'android', development: false, environment: every, apiKey: androidKey },
    { platform: 'ios', development: true, environment: every, apiKey: testKey },
    { platform: 'ios', development: true, environment: ios, apiKey: iosKey },
  ] as const)('configures the SDK once, with $apiKey on $platform (development: $development)', async (setting) => {
    const { apiKey, ...rest } = setting;
    const app = await makeApp(rest);
    await Promise.all([app.restore(), app.loadOffering(), firstOf(app)]);
    expect(app.store.configured).toEqual([{ apiKey }]);
  });

  it('has no key in a release that was given only the Test Store’s', async () => {
    const { EXPO_PUBLIC_REVENUECAT_TEST_API_KEY } = every;
    const app = await makeApp({ development: false, environment: { EXPO_PUBLIC_REVENUECAT_TEST_API_KEY } });
    expect(await app.restore()).toMatchObject({ status: 'not_configured', key: 'EXPO_PUBLIC_REVENUECAT_IOS_API_KEY' });
    expect(app.store.configured).toEqual([]);
  });

  it('says what the SDK says when it cannot be configured, as in Expo Go', async () => {
    const app = await makeApp({ environment: ios });
    app.store.configureError = new Error('The native store is not available when running inside Expo Go.');
    const failed = { status: 'failed', message: expect.stringContaining('Expo Go') };
    expect(await app.loadOffering()).toEqual(failed);
    expect(await firstOf(app)).toEqual(failed);
  });

  it('tells the watchers of the customer after each purchase and update, until they leave', async () => {
    const app = await makeApp({ environment: ios });
    const seen: Watched[] = [];
    const leave = app.watchCustomer((customer) => seen.push(customer));
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    expect(await app.purchase({})).toEqual({ status: 'completed', active: true });
    app.store.update?.('updated');
    expect(seen.map(({ info }) => info)).toEqual([
      { entitlements: { active: {} } },
      { entitlements: { active: { pro: {} } } },
      'updated',
    ]);
    leave();
    app.store.update?.('too late');
    expect(seen).toHaveLength(3);
  });

  it('tells canceled, waiting and failed purchases apart', async () => {
    const app = await makeApp({ environment: ios });
    const outcome = (code: string) => {
      app.store.purchaseError = { code, message: 'The SDK said so.' };
      return app.purchase({});
    };
    expect(await outcome('1')).toEqual({ status: 'canceled' });
    expect(await outcome('20')).toEqual({ status: 'pending' });
    expect(await outcome('2')).toEqual({ status: 'failed', message: 'The SDK said so.' });
  });

  it('restores what there is, and says when it is nothing', async () => {
    const app = await makeApp({ environment: ios, options: { entitlement: 'gold' } });
    expect(await app.restore()).toEqual({ status: 'nothing_found' });
    app.store.active['silver'] = {};
    expect(await app.restore()).toEqual({ status: 'completed', active: false });
    app.store.active['gold'] = {};
    expect(await app.restore()).toEqual({ status: 'completed', active: true });
  });

  it('signs people in and out, and out again', async () => {
    const app = await makeApp({ environment: ios });
    for (const step of [() => app.signIn('person-1'), app.signOut, app.signOut]) {
      expect(await step()).toEqual({ status: 'completed', active: false });
    }
  });

  it('shows the paywall and the Customer Center', async () => {
    const app = await makeApp({ environment: ios, options: { paywall: true, customerCenter: true } });
    const { showPaywall } = (await app.load('paywall.ts')) as { showPaywall: () => Promise<Result> };
    const { showCustomerCenter } = (await app.load('customer-center.ts')) as {
      showCustomerCenter: () => Promise<Result>;
    };
    const outcome = (paywall: string) => {
      app.store.paywall = paywall;
      return showPaywall();
    };
    expect(await outcome('CANCELLED')).toEqual({ status: 'canceled' });
    expect(await outcome('ERROR')).toMatchObject({ status: 'failed' });
    app.store.active['pro'] = {};
    expect(await outcome('PURCHASED')).toEqual({ status: 'completed', active: true });
    expect(await showCustomerCenter()).toEqual({ status: 'completed', active: true });
    expect(app.store.presented).toEqual([
      ...Array.from({ length: 3 }, () => ({ requiredEntitlementIdentifier: 'pro' })),
      'customer center',
    ]);
  });
});
