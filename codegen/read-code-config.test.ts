import { describe, expect, it } from 'vitest';
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
import { analytics, payments, storage } from '../test/harness/made-up-connectors.ts';
import { applyPlan } from './apply.ts';
import { checkInstalled } from './check-installed.ts';

const [pay, track, store] = [payments(''), analytics(''), storage('')];
const entry = "['@payments/react-native', { merchantIdentifier: 'merchant.example' }]";

/** An app whose plugins a dynamic config decides, with or without an app.json beside it. */
function appWith(text: string, file = 'app.config.ts', hasStatic = false) {
  const { 'app.json': config = '', ...rest } = textsOf(blankApp());
  return snapshotOf({ ...rest, [file]: text, ...(hasStatic && { 'app.json': config }) });
}
const configOf = (snapshot: ReturnType<typeof appWith>, file = 'app.config.ts') => textsOf(snapshot)[file];

describe('a dynamic config that comes to one object', () => {
  it.each([
    [
      'an object',
      "export default {\n  name: 'a',\n};\n",
      `export default {\n  name: 'a',\n  plugins: [${entry}],\n};\n`,
    ],
    ['a list', "module.exports = { plugins: ['x'] };\n", `module.exports = { plugins: ['x', ${entry}] };\n`],
    ['an empty list', 'export default { plugins: [ ] };\n', `export default { plugins: [${entry}] };\n`],
    [
      'nothing',
      "export default ({\n  expo: {},\n  a: 'b',\n});\n",
      `export default ({\n  expo: {\n    plugins: [${entry}]\n  },\n  a: 'b',\n});\n`,
    ],
    [
      'a name',
      "const config: ExpoConfig = { name: 'a' };\nexport default config;\n",
      `const config: ExpoConfig = { name: 'a', plugins: [${entry}] };\nexport default config;\n`,
    ],
    [
      'a function',
      "export default ({ config }: Context) => ({\n  ...config,\n  name: 'a',\n});\n",
      `export default ({ config }: Context) => ({\n  ...config,\n  name: 'a',\n  plugins: [${entry}],\n});\n`,
    ],
    [
      'a function with a body',
      "module.exports = function () {\n  const c = { name: 'a' };\n  return c;\n};\n",
      `module.exports = function () {\n  const c = { name: 'a', plugins: [${entry}] };\n  return c;\n};\n`,
    ],
    [
      'a call that defines it',
      "export default defineExpoConfig({ name: 'a' });\n",
      `export default defineExpoConfig({ name: 'a', plugins: [${entry}] });\n`,
    ],
    [
      'spreads in its list',
      "export default { plugins: [...(dev ? ['x'] : []), 'y'] };\n",
      `export default { plugins: [...(dev ? ['x'] : []), 'y', ${entry}] };\n`,
    ],
    [
      'comments and carriage returns',
      "export default {\r\n  plugins: [\r\n    'x', // why\r\n  ],\r\n};\r\n",
      `export default {\r\n  plugins: [\r\n    'x', // why\r\n    ${entry},\r\n  ],\r\n};\r\n`,
    ],
    [
      'double quotes',
      'module.exports = {\n\tplugins: [\n\t\t"x"\n\t]\n}\n',
      `module.exports = {\n\tplugins: [\n\t\t"x",\n\t\t${entry.replaceAll("'", '"')}\n\t]\n}\n`,
    ],
  ])('is edited: %s', (_, text, expected) => {
    const isTyped = /: (?:Expo|Context)/.test(text);
    for (const file of ['app.config.ts', ...(isTyped ? [] : ['app.config.js', 'app.config.mjs', 'app.config.cjs'])]) {
      const app = appWith(text, file);
      const plan = planAdd(app, [pay]);
      expect(plan.manual).toEqual([]);
      const installed = applyPlan(app, plan);
      expect(configOf(installed, file)).toBe(expected);
      expect(textsOf(installed)['app.json']).toBeUndefined();
      expect(checkInstalled(installed, '', 'payments', '')).toEqual([]);
      expect(textsOf(uninstall(installed, pay))).toEqual(textsOf(app));
    }
  });

  it('holds several connectors in any order, and any of them goes', () => {
    const app = appWith("export default {\n  name: 'a',\n};\n");
    const together = install(app, pay, track, store);
    expect(textsOf(install(install(install(app, store), track), pay))).toEqual(textsOf(together));
    for (const [gone, ...rest] of [
      [pay, track, store],
      [track, store, pay],
      [store, pay, track],
    ] as const)
      expect(textsOf(uninstall(together, gone))).toEqual(textsOf(install(app, ...rest)));
  });

  it('keeps an entry that was there, and one that people changed', () => {
    const there = appWith("export default { plugins: ['@payments/react-native'] };\n");
    expect(configOf(install(there, pay))).toBe(configOf(there));
    expect(textsOf(uninstall(install(there, pay), pay))).toEqual(textsOf(there));
    const app = appWith("export default { plugins: ['x'] };\n");
    const changed = edited(install(app, pay), { 'app.config.ts': (text) => text.replace('merchant.example', 'mine') });
    expect(planAdd(changed, [pay]).files).toEqual([]);
    const removal = planRemove(changed, [pay]);
    expect(removal.notes.join()).toContain('in app.config.ts had been changed by people');
    expect(textsOf(applyPlan(changed, removal))).toEqual(textsOf(app));
  });

  it('decides even where it has a name like the static one', () => {
    const app = appWith("const config: ExpoConfig = { name: 'a' };\nexport default config;\n", 'app.config.ts', true);
    const installed = install(app, pay);
    expect(configOf(installed)).toContain('plugins: [');
    expect(textsOf(installed)['app.json']).toBe(textsOf(app)['app.json']);
    const picks = appWith('export default ({ config }) => ({ name: config.name });\n', 'app.config.ts', true);
    expect(configOf(install(picks, pay))).toContain('plugins: [');
  });
});

it.each([
  [
    'several branches',
    'export default () => {\n  if (a) return { name: 1 };\n  return { name: 2 };\n};\n',
    'several branches',
  ],
  ['a condition', 'export default a ? { name: 1 } : { name: 2 };\n', 'by a condition'],
  ['a call', 'export default withThem({ name: 1 });\n', 'made by a call'],
  ['a spread of something', 'export default { ...shared, name: 1 };\n', '...shared may bring plugins'],
  ['a spread after its list', 'export default { plugins: [], ...shared };\n', '...shared may bring plugins'],
  ['a list elsewhere', "const plugins = ['x'];\nexport default { plugins };\n", 'no list in place'],
  ['a list that is filtered', "export default { plugins: ['x', dev && 'y'].filter(Boolean) };\n", 'no list in place'],
  ['a list that code changes', "const c = { plugins: [] };\nc.plugins.push('x');\nexport default c;\n", 'by code'],
  ['computed names', "export default { [name]: ['x'] };\n", 'computes names'],
  ['a variable', "let c = { name: 'a' };\nexport default c;\n", 'not declared in it once'],
  ['a promise', "export default async () => ({ name: 'a' });\n", 'asynchronous'],
  ['two exports', 'module.exports = { name: 1 };\nmodule.exports = { name: 2 };\n', 'not export one config'],
  ['broken code', 'export default {', 'does not parse'],
  ['nothing', '', 'not export one config'],
])('a dynamic config with %s is left to a person', (_, text, reason) => {
  const app = appWith(text);
  const plan = planAdd(app, [pay]);
  expect(plan.manual).toEqual([
    expect.objectContaining({
      file: 'app.config.ts',
      reason: expect.stringContaining(reason),
      snippet: expect.stringContaining('plugins: [['),
    }),
  ]);
  expect(textsOf(uninstall(applyPlan(app, plan), pay))).toEqual(textsOf(app));
});
