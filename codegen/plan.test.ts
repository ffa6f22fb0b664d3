import { describe, expect, it } from 'vitest';
import type { Snapshot, WantedConnector } from '../contract/codegen.ts';
import {
  blankApp,
  edited,
  install,
  planAdd,
  planRemove,
  snapshotOf,
  textsOf,
  uninstall,
} from '../test/harness/apps.ts';
import { analytics, contribution, payments, storage } from '../test/harness/made-up-connectors.ts';
import { applyPlan } from './apply.ts';
import { checkPlan } from './check-plan.ts';
import { readProject } from './read-project.ts';
import { checkInstalled } from './check-installed.ts';

const pay = payments('');
const track = analytics('');
const store = storage('');

const fileOf = (snapshot: Snapshot, file: string) => textsOf(snapshot)[file];
const change = (file: string, from: string | RegExp, to: string) => ({
  [file]: (text: string) => text.replace(from, to),
});
const small = (parts: Parameters<typeof contribution>[0], connector = 'small'): WantedConnector => ({
  connector,
  alias: '',
  version: '1',
  options: {},
  contribution: contribution(parts),
});

describe('packages', () => {
  it('leaves one that was there before, and says so', () => {
    const app = edited(
      blankApp(),
      change('package.json', '"expo": ', '"@payments/react-native": "^0.50.0",\n    "expo": '),
    );
    const plan = planAdd(app, [pay]);
    expect(plan.notes).toContain(
      'package.json had @payments/react-native ^0.50.0 before and keeps it; Graft was tested with 0.64.0.',
    );
    const installed = applyPlan(app, plan);
    expect(checkInstalled(installed, '', 'payments', '').filter(({ kind }) => kind === 'missing')).toEqual([]);
    const removal = planRemove(installed, [pay]);
    expect(removal.notes).toContain('@payments/react-native was in package.json before Graft came and stays.');
    expect(textsOf(applyPlan(installed, removal))).toEqual(textsOf(app));
  });

  it('keeps one that the app has come to use', () => {
    const used = edited(install(blankApp(), store), {
      'lib/files.ts': () => "import { open } from 'storage-js/web';\n",
    });
    const removal = planRemove(used, [store]);
    expect(removal.notes).toContain('storage-js stays in package.json because the app uses it too: lib/files.ts.');
    expect(fileOf(applyPlan(used, removal), 'package.json')).toContain('storage-js');
  });

  it('takes the newest range that connectors want, and the older one back', () => {
    const both = install(blankApp(), pay, track);
    expect(fileOf(both, 'package.json')).toContain('"expo-build-properties": "~1.0.2"');
    expect(fileOf(uninstall(both, track), 'package.json')).toContain('"expo-build-properties": "~1.0.0"');
  });

  it('leaves a range that people set', () => {
    const bumped = edited(install(blankApp(), pay), change('package.json', '"0.64.0"', '"^0.65.0"'));
    expect(planAdd(bumped, [pay])).toMatchObject({
      status: 'nothing',
      notes: [expect.stringContaining('was set to ^0.65.0')],
    });
    expect(checkInstalled(bumped, '', 'payments', '')).toEqual([
      { kind: 'changed', file: 'package.json', what: '@payments/react-native is set to ^0.65.0, not 0.64.0' },
    ]);
    expect(textsOf(uninstall(bumped, pay))).toEqual(textsOf(blankApp()));
  });

  it('keeps a list in no order as it is, ours at its end in their order', () => {
    const app = edited(blankApp(), { 'package.json': () => '{"dependencies":{"react":"1","expo":"~57.0.26"}}' });
    const both = install(app, store, track);
    expect(fileOf(both, 'package.json')).toBe(
      '{"dependencies":{"react":"1","expo":"~57.0.26","analytics-react-native":"^3.2.1","expo-build-properties":"~1.0.2","storage-js":"^2.0.0"}}',
    );
    expect(textsOf(uninstall(both, store, track))).toEqual(textsOf(app));
  });
});

describe('config plugins', () => {
  it('merges the settings that connectors want, in any order', () => {
    const entry =
      '"expo-build-properties",\n        {\n          "android": {\n            "minSdkVersion": 26\n          },\n          "ios": {';
    expect(fileOf(install(blankApp(), track, store), 'app.json')).toContain(entry);
    expect(fileOf(install(install(blankApp(), store), track), 'app.json')).toContain(entry);
  });

  it('refuses settings that contradict each other', () => {
    const other = small({
      configPlugins: [{ name: 'expo-build-properties', props: { android: { minSdkVersion: 30 } } }],
    });
    expect(() => planAdd(install(blankApp(), store), [other])).toThrow(
      'small and storage want expo-build-properties with different values of minSdkVersion.',
    );
  });

  it.each([
    ['[]', '"plugins": [],'],
    ['[ ]', '"plugins": [ ],'],
    ['one line', '"plugins": ["expo-font", ["expo-camera", {"on": true}]],'],
    ['a mix', '"plugins": [\n      "expo-font", "expo-camera"\n    ],'],
  ])('gives back a list written as %s', (_, list) => {
    const app = edited(blankApp(), change('app.json', '"slug"', `${list}\n    "slug"`));
    const installed = install(app, pay, track);
    expect(JSON.parse(fileOf(installed, 'app.json') ?? '').expo.plugins).toEqual(
      expect.arrayContaining([['@payments/react-native', { merchantIdentifier: 'merchant.example' }]]),
    );
    expect(textsOf(uninstall(installed, pay, track))).toEqual(textsOf(app));
  });

  it('works where app.json has no expo key, has comments, or is one line', () => {
    for (const text of [
      '{"name":"a","slug":"b"}',
      '{ "name": "a", "expo": { "slug": "b" } }',
      '{\n  // the app\n  "expo": {\n    "name": "a", // its name\n    "slug": "b" // its slug\n  }\n}\n',
      '{\n\t"expo": {\n\t\t"name": "a",\n\t\t"plugins": [\n\t\t\t"expo-font", // fonts\n\t\t],\n\t},\n}\n',
      '{\r\n    "expo": {\r\n        "name": "a"\r\n    }\r\n}',
      '\uFEFF{\n  "expo": {}\n}\n',
    ]) {
      const app = edited(blankApp(), { 'app.json': () => text });
      const installed = install(app, pay, track);
      expect(checkInstalled(installed, '', 'payments', '')).toEqual([]);
      expect(fileOf(uninstall(installed, pay, track), 'app.json')).toBe(text);
      expect(fileOf(uninstall(installed, pay), 'app.json')).toBe(fileOf(install(app, track), 'app.json'));
    }
  });

  it('leaves an entry that was there before', () => {
    const app = edited(blankApp(), change('app.json', '"slug"', '"plugins": ["@payments/react-native"],\n    "slug"'));
    const installed = install(app, pay);
    expect(fileOf(installed, 'app.json')).toBe(fileOf(app, 'app.json'));
    expect(textsOf(uninstall(installed, pay))).toEqual(textsOf(app));
  });

  it('keeps a list that people have come to use', () => {
    const used = edited(
      install(blankApp(), pay),
      change('app.json', '"plugins": [', '"plugins": [\n      "expo-font",'),
    );
    expect(JSON.parse(fileOf(uninstall(used, pay), 'app.json') ?? '').expo.plugins).toEqual(['expo-font']);
  });

  it('begins an app.json where there is none, and takes it away again', () => {
    const { 'app.json': _, ...rest } = textsOf(blankApp());
    const app = snapshotOf(rest);
    const installed = install(app, pay, store);
    expect(JSON.parse(fileOf(installed, 'app.json') ?? '').expo.plugins).toHaveLength(2);
    expect(textsOf(uninstall(installed, store))).toEqual(textsOf(install(app, pay)));
    expect(textsOf(uninstall(installed, pay, store))).toEqual(rest);
    const formatted = edited(installed, { 'app.json': (text) => JSON.stringify(JSON.parse(text)) });
    expect(textsOf(uninstall(formatted, pay, store))).toEqual(rest);
    const named = edited(installed, change('app.json', '"expo": {', '"expo": {\n    "name": "Mine",'));
    expect(fileOf(uninstall(named, pay, store), 'app.json')).toBe('{\n  "expo": {\n    "name": "Mine"\n  }\n}\n');
  });

  it('leaves app.json to a person where its plugins are no list', () => {
    const app = edited(blankApp(), change('app.json', '"slug"', '"plugins": {},\n    "slug"'));
    expect(planAdd(app, [pay, store]).manual).toEqual([
      {
        file: 'app.json',
        reason: 'it is not JSON with a list of plugins',
        snippet: `plugins: [["@payments/react-native",{"merchantIdentifier":"merchant.example"}]]
plugins: [["expo-build-properties",{"android":{"minSdkVersion":26}}]]`,
      },
    ]);
  });

  it('leaves an entry that people changed, and asks when it has to change', () => {
    const changed = edited(install(blankApp(), store), change('app.json', '26', '28'));
    expect(planAdd(changed, [store])).toMatchObject({
      status: 'nothing',
      notes: [expect.stringContaining('was changed by people')],
    });
    expect(planAdd(changed, [track]).manual).toEqual([
      expect.objectContaining({ file: 'app.json', reason: 'people changed the entry of expo-build-properties' }),
    ]);
    expect(textsOf(uninstall(changed, store))).toEqual(textsOf(blankApp()));
  });

  it('asks a person where code decides the plugins, and where it passes app.json on edits that', () => {
    const dynamic = (text: string) => blankApp({ 'app.config.ts': text });
    const decides = planAdd(dynamic("export default () => (dev ? { name: 'a' } : { plugins: ['expo-font'] });\n"), [
      pay,
    ]);
    expect(decides.manual).toEqual([
      expect.objectContaining({
        file: 'app.config.ts',
        snippet: 'plugins: [["@payments/react-native",{"merchantIdentifier":"merchant.example"}]]',
      }),
    ]);
    expect(decides.files.map(({ path }) => path)).not.toContain('app.json');
    const passes = planAdd(dynamic("export default ({ config }) => ({ ...config, name: 'x' });\n"), [pay]);
    expect(passes.manual).toEqual([]);
    expect(passes.files.map(({ path }) => path)).toContain('app.json');
  });

  it('is satisfied by what the person pasted, and asks for it to be taken out again', () => {
    const text = "export default () => (dev ? { name: 'a' } : { plugins: ['expo-font'] });\n";
    const installed = install(blankApp({ 'app.config.ts': text }), pay);
    expect(checkInstalled(installed, '', 'payments', '')).toEqual([
      { kind: 'missing', file: 'app.config.ts', what: 'the config plugin @payments/react-native is not listed' },
    ]);
    const pasted = edited(installed, change('app.config.ts', "'expo-font'", "'expo-font', '@payments/react-native'"));
    expect(checkInstalled(pasted, '', 'payments', '')).toEqual([]);
    expect(planAdd(pasted, [pay]).status).toBe('nothing');
    const removal = planRemove(pasted, [pay]);
    expect(removal.manual).toEqual([expect.objectContaining({ file: 'app.config.ts' })]);
    expect(removal.files.map(({ path }) => path)).toContain('.graft/payments.json');
  });
});

describe('environment keys', () => {
  it('refuses a key that another connector has', () => {
    const thief = small({
      environmentKeys: [{ key: 'STORAGE_URL', credential: 'url', secret: false, comment: '' }],
    });
    expect(() => planAdd(install(blankApp(), store), [thief])).toThrow(
      expect.objectContaining({
        code: 'environment_key_taken',
        details: { key: 'STORAGE_URL', owner: 'storage', wantedBy: 'small' },
      }),
    );
  });

  it('refuses a secret whose name would build it into the app', () => {
    const leak = small({
      environmentKeys: [{ key: 'EXPO_PUBLIC_SECRET', credential: 'secret', secret: true, comment: '' }],
    });
    expect(() => planAdd(blankApp(), [leak])).toThrow('EXPO_PUBLIC_SECRET is a secret');
  });

  it.each([
    ['with values', 'A=1\nB="two words"\n'],
    ['without a last line end', '# mine\nA=1'],
    ['empty', ''],
    ['with carriage returns', 'A=1\r\n\r\nB=2\r\n'],
    ['naming one of ours', 'PAYMENTS_SECRET_KEY=\nA=1\n'],
  ])('adds to a file %s and gives it back', (_, text) => {
    const app = blankApp({ '.env.example': text });
    const installed = install(install(app, pay), track);
    expect(fileOf(installed, '.env.example')?.match(/^(?:EXPO_PUBLIC_)?(?:PAYMENTS|ANALYTICS)_.*=/gm)).toHaveLength(3);
    expect(textsOf(uninstall(installed, track, pay))).toEqual(textsOf(app));
    expect(textsOf(uninstall(installed, pay))).toEqual(textsOf(install(app, track)));
  });

  it('keeps `.env.local` out of the repository where nothing does', () => {
    const app = blankApp({ '.gitignore': 'node_modules/\n!.env.local' });
    const installed = install(app, pay);
    expect(fileOf(installed, '.gitignore')).toBe('node_modules/\n!.env.local\n.env.local');
    expect(textsOf(uninstall(installed, pay))).toEqual(textsOf(app));
    const { '.gitignore': _, ...without } = textsOf(blankApp());
    const none = snapshotOf(without);
    expect(fileOf(install(none, pay), '.gitignore')).toBe('.env.local\n');
    expect(textsOf(uninstall(install(none, pay), pay))).toEqual(without);
  });
});

it('forgets the files made for a connector when another stays that needs none', () => {
  const { '.gitignore': _, ...texts } = textsOf(blankApp());
  const plain = small({ packages: [{ name: 'plain', range: '1.0.0' }] });
  const both = install(snapshotOf(texts), pay, plain);
  expect(textsOf(uninstall(both, pay))).toEqual(textsOf(install(snapshotOf(texts), plain)));
});

it.each([
  ['package.json', '"react":', '"@payments/react-native": null,\n    "react":', 'to something that is no version'],
  ['package.json', '"main":', '"dependencies": { "expo": "~57.0.0" },\n  "main":', 'names "dependencies" twice'],
  ['app.json', '"slug"', '"plugins": [],\n    "plugins": ["a"],\n    "slug"', 'names "plugins" twice'],
])('refuses a %s with %j as %j', (file, from, to, sentence) => {
  const app = edited(blankApp(), change(file, from, to));
  expect(() => planAdd(app, [pay])).toThrow(expect.objectContaining({ code: 'cannot_edit' }));
  expect(() => planAdd(app, [pay])).toThrow(sentence);
});

it.each([
  ['connectors', 'connectors is a file, and Graft needs a folder'],
  ['.env.example/readme.md', '.env.example is a folder, and Graft needs a file'],
])('refuses a tree in which %s is in the way', (path, sentence) => {
  expect(() => planAdd(blankApp({ [path]: '' }), [pay])).toThrow(sentence);
});

it('leaves files whose lines end in carriage returns to a person', () => {
  const app = blankApp({ '.env.example': 'A=1\rB=2\r', '.gitignore': 'dist\r' });
  const plan = planAdd(app, [pay]);
  expect(plan.manual.map(({ file }) => file).toSorted()).toEqual(['.env.example', '.gitignore']);
  expect(textsOf(uninstall(applyPlan(app, plan), pay))).toEqual(textsOf(app));
});

describe('files of ours', () => {
  it('refuses to write over a file that is not', () => {
    const app = blankApp({ 'connectors/payments/provider.tsx': 'export const mine = 1;\n' });
    expect(() => planAdd(app, [pay])).toThrow('connectors/payments/provider.tsx is already in the app');
    expect(() => planAdd(blankApp({ 'connectors/providers.tsx': 'export {};\n' }), [pay])).toThrow(
      'connectors/providers.tsx is already',
    );
  });

  it('adopts the same text and leaves it on removal', () => {
    const [file] = pay.contribution.files;
    const app = blankApp({ [file?.path ?? '']: file?.text ?? '' });
    expect(textsOf(uninstall(install(app, pay), pay))).toEqual(textsOf(app));
  });

  it('keeps what people changed at a second install, and shows it when it goes', () => {
    const changed = edited(install(blankApp(), pay), {
      ...change('connectors/payments/use-payments.ts', "'idle'", "'busy'"),
      'connectors/providers.tsx': (text) => `${text}// mine\n`,
    });
    expect(planAdd(changed, [pay])).toMatchObject({
      status: 'nothing',
      notes: [
        'connectors/payments/use-payments.ts was changed by people and stays as it is.',
        'connectors/providers.tsx was changed by people and stays as it is.',
      ],
    });
    expect(checkInstalled(changed, '', 'payments', '').map(({ kind, file }) => `${kind} ${file}`)).toEqual([
      'changed connectors/payments/use-payments.ts',
      'changed connectors/providers.tsx',
    ]);
    const removal = planRemove(changed, [pay]);
    expect(removal.notes).toEqual([
      'connectors/payments/use-payments.ts was changed by people and is deleted; the diff shows what goes.',
      'connectors/providers.tsx was changed by people and is deleted; the diff shows what goes.',
    ]);
    expect(textsOf(applyPlan(changed, removal))).toEqual(textsOf(blankApp()));
  });

  it('writes the aggregated component anew after a formatter, and leaves it to people after people', () => {
    const check = (app: Snapshot) => {
      const facts = readProject(app, '');
      const input = { snapshot: app, appDir: '', facts, add: [track], remove: [] };
      const plan = planAdd(app, [track]);
      checkPlan({ snapshot: app, appDir: '', facts, plan, input });
      return plan;
    };
    const installed = install(blankApp(), pay);
    const formatted = edited(installed, {
      'connectors/providers.tsx': (text) => text.replaceAll("'", '"').replaceAll(';', ''),
    });
    expect(check(formatted)).toMatchObject({
      status: 'planned',
      notes: [expect.stringContaining('was formatted by people')],
    });
    const changed = edited(installed, {
      'connectors/providers.tsx': (text) => text.replace('{children}<', '<Mine>{children}</Mine><'),
    });
    const plan = check(changed);
    expect(plan.manual).toEqual([
      expect.objectContaining({
        file: 'connectors/providers.tsx',
        snippet: expect.stringContaining('<AnalyticsConnector>'),
      }),
    ]);
    expect(plan.files.map(({ path }) => path)).not.toContain('connectors/providers.tsx');
  });

  it('asks for code that uses a file which goes', () => {
    const used = edited(install(blankApp(), pay), {
      'screens/pay.tsx': () => "import { usePayments } from '../connectors/payments/use-payments';\n",
    });
    const removal = planRemove(used, [pay]);
    expect(removal).toMatchObject({
      status: 'manual',
      manual: [{ file: 'screens/pay.tsx', reason: 'it imports a file that goes' }],
    });
    expect(fileOf(applyPlan(used, removal), 'screens/pay.tsx')).toContain('usePayments');
  });

  it('updates: new texts, files and keys come, old ones go, settings change', () => {
    const before = small({
      packages: [{ name: 'one', range: '1.0.0' }],
      configPlugins: [{ name: 'one', props: { on: false } }],
      environmentKeys: [{ key: 'OLD', credential: 'a', secret: false, comment: 'Old' }],
      files: [
        { path: 'connectors/small/a.ts', text: 'export const a = 1;\n', purpose: '' },
        { path: 'connectors/small/b.ts', text: 'export const b = 1;\n', purpose: '' },
      ],
    });
    const after = small({
      packages: [{ name: 'one', range: '2.0.0' }],
      configPlugins: [{ name: 'one', props: { on: true } }],
      environmentKeys: [{ key: 'NEW', credential: 'a', secret: false, comment: 'New' }],
      files: [{ path: 'connectors/small/a.ts', text: 'export const a = 2;\n', purpose: '' }],
    });
    expect(textsOf(install(install(blankApp(), before), after))).toEqual(textsOf(install(blankApp(), after)));
  });
});

describe('records', () => {
  it('keep others planned without their connector', () => {
    const both = install(blankApp(), pay, track);
    const unknown = edited(both, change('.graft/analytics.json', '"version": "2.1.0"', '"version": "9.9.9"'));
    const removed = uninstall(unknown, pay);
    expect(fileOf(removed, '.graft/analytics.json')).toContain('9.9.9');
    expect(fileOf(removed, 'connectors/providers.tsx')).toContain('AnalyticsConnector');
  });

  it('refuse what a newer Graft wrote, and what is damaged', () => {
    const installed = install(blankApp(), pay);
    const newer = edited(installed, change('.graft/payments.json', '"format": 1', '"format": 2'));
    expect(() => planRemove(newer, [pay])).toThrow(
      '.graft/payments.json was written by a newer Graft. Update Graft, then try again.',
    );
    const damaged = edited(installed, { '.graft/shared.json': () => '{' });
    expect(() => planRemove(damaged, [pay])).toThrow('.graft/shared.json is damaged');
  });

  it('may be formatted by people', () => {
    const formatted = edited(install(blankApp(), pay), {
      '.graft/payments.json': (text) => JSON.stringify(JSON.parse(text)),
    });
    expect(planAdd(formatted, [pay]).status).toBe('nothing');
  });

  it('hold no value and no time', () => {
    const text = Object.entries(textsOf(install(blankApp(), pay))).filter(([path]) => path.startsWith('.graft/'));
    expect(JSON.stringify(text)).not.toMatch(/\b20\d\d-|ins_|prj_/);
  });
});

describe('a plan', () => {
  it('adds and removes in one go', () => {
    const installed = install(blankApp(), pay);
    const { snapshot: _, ...rest } = { snapshot: installed };
    expect(rest).toEqual({});
    expect(textsOf(uninstall(install(installed, track), pay))).toEqual(textsOf(install(blankApp(), track)));
  });

  it('has a hash of what it does, and refuses another base', () => {
    const plan = planAdd(blankApp(), [pay]);
    expect(plan.planHash).toMatch(/^[0-9a-f]{64}$/);
    expect(planAdd(blankApp(), [pay]).planHash).toBe(plan.planHash);
    expect(planAdd(blankApp(), [track]).planHash).not.toBe(plan.planHash);
    expect(() => applyPlan(edited(blankApp(), change('App.tsx', 'App', 'Root')), plan)).toThrow(
      expect.objectContaining({ code: 'project_changed' }),
    );
  });

  it("works in a folder of a repository, with its paths in the record and the repository's in the plan", () => {
    const app = snapshotOf({
      ...Object.fromEntries(Object.entries(textsOf(blankApp())).map(([path, text]) => [`apps/shop/${path}`, text])),
      'package-lock.json': '{"packages": {"node_modules/expo": {\n"version": "57.0.30"\n}}}',
      '.gitignore': '.env.local\n',
      'apps/shop/.gitignore': 'dist\n',
    });
    const plan = planAdd(app, [pay], 'apps/shop');
    expect(plan.changesLock).toBe(true);
    expect(plan.files.every(({ path }) => path.startsWith('apps/shop/'))).toBe(true);
    expect(plan.files.find(({ path }) => path === 'apps/shop/.graft/payments.json')?.text).not.toContain('apps/shop');
    expect(plan.files.map(({ path }) => path)).not.toContain('apps/shop/.gitignore');
    const installed = applyPlan(app, plan);
    expect(checkInstalled(installed, 'apps/shop', 'payments', '')).toEqual([]);
    expect(textsOf(applyPlan(installed, planRemove(installed, [pay], 'apps/shop')))).toEqual(textsOf(app));
  });

  it('writes JavaScript into an app without TypeScript', () => {
    const { 'tsconfig.json': _, 'App.tsx': root = '', ...rest } = textsOf(blankApp());
    const app = snapshotOf({ ...rest, 'App.js': root });
    const installed = install(app, pay, store);
    expect(Object.keys(textsOf(installed)).filter((path) => path.startsWith('connectors/'))).toEqual([
      'connectors/payments/provider.jsx',
      'connectors/payments/use-payments.js',
      'connectors/providers.jsx',
      'connectors/storage/client.js',
    ]);
    expect(fileOf(installed, 'connectors/payments/provider.jsx'))
      .toBe(`import { PaymentsProvider } from '@payments/react-native';

export function PaymentsConnector({ children }) {
  const key = process.env.EXPO_PUBLIC_PAYMENTS_KEY;
  return key === undefined ? <>{children}</> : <PaymentsProvider publishableKey={key}>{children}</PaymentsProvider>;
}
`);
    expect(fileOf(installed, 'connectors/payments/use-payments.js')).toBe(`import { useState } from 'react';

export function usePayments() {
  return useState('idle');
}
`);
    expect(checkInstalled(installed, '', 'payments', '')).toEqual([]);
    expect(textsOf(uninstall(installed, pay, store))).toEqual(textsOf(app));
  });

  it('leaves links alone', () => {
    const app = new Map([
      ...blankApp(),
      ['App.tsx', { mode: '120000' as const, bytes: Buffer.from('../elsewhere.tsx') }],
    ]);
    expect(planAdd(app, [pay]).manual).toEqual([
      expect.objectContaining({ file: 'App.tsx', reason: 'it is a symbolic link' }),
    ]);
  });
});

it.each([
  ['app.json', '{\n  "expo": {\n  }\n}\n'],
  ['app.json', '{ }\n'],
  ['app.json', '{\n  "expo": {\n    "name": "a" /* why\n    so */\n  }\n}\n'],
  ['app.json', '{\n  "expo": {\n    "plugins": [\n      "a", /* b */ "c" /* d */, // e\n    ]\n  }\n}\n'],
  ['app.json', '{ "expo": { "plugins": ["a" // b\n] } }\n'],
  ['.gitignore', '.env.local\n!.env*\n'],
])('gives %s back as it was: %j', (file, text) => {
  const app = blankApp({ [file]: text });
  const installed = install(app, pay);
  expect(planAdd(installed, [pay]).status).toBe('nothing');
  expect(textsOf(installed)[file]).not.toBe(text);
  expect(textsOf(uninstall(installed, pay))).toEqual(textsOf(app));
});

it.each(['{ "expo": null }', '{ "expo": [] }', '{ "expo": "a" }'])('leaves an app.json of %s to a person', (text) => {
  const plan = planAdd(blankApp({ 'app.json': text }), [pay]);
  expect(plan.manual.map(({ file }) => file)).toEqual(['app.json']);
});
