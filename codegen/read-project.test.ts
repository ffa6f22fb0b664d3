import { describe, expect, it } from 'vitest';
import { blankApp, edited, install, snapshotOf, textsOf } from '../test/harness/apps.ts';
import { payments } from '../test/harness/made-up-connectors.ts';
import { readProject } from './read-project.ts';

const withLock = (path: string, text: string) => readProject(blankApp({ [path]: text }), '');

describe('readProject', () => {
  it('reads an app without a lock file by the lowest version that its range allows', () => {
    expect(readProject(blankApp(), '')).toEqual({
      framework: 'expo',
      version: '57.0.26',
      major: 57,
      language: 'typescript',
      router: 'none',
      sourceDir: '',
      routesDir: '',
      serverRoutes: false,
      scheme: undefined,
      packageManager: 'none',
      lockFile: '',
    });
  });

  it.each([
    ['package-lock.json', '{\n  "packages": {\n    "node_modules/expo": {\n      "version": "57.0.30",\n', 'npm'],
    [
      'pnpm-lock.yaml',
      "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      expo:\n        specifier: ~57.0.26\n        version: 57.0.30(@babel/core@7.0.0)\n",
      'pnpm',
    ],
    [
      'pnpm-lock.yaml',
      "---\nlockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    packageManagerDependencies:\n      pnpm:\n        specifier: 12.14.0\n        version: 12.14.0\n\n---\nlockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      expo:\n        specifier: ~57.0.26\n        version: 57.0.30(react@19.0.0)\n",
      'pnpm',
    ],
    ['yarn.lock', '# yarn lockfile v1\n\n\nexpo@~57.0.26:\n  version "57.0.30"\n', 'yarn1'],
    ['yarn.lock', '__metadata:\n  version: 8\n\n"expo@npm:~57.0.26":\n  version: 57.0.30\n', 'yarn'],
    ['bun.lock', '{\n  "packages": {\n    "expo": ["expo@57.0.30", "", {}],\n', 'bun'],
  ])('reads the exact version from %s: %s', (path, text, manager) => {
    expect(withLock(path, text)).toMatchObject({ version: '57.0.30', packageManager: manager, lockFile: path });
  });

  it('finds the lock of a workspace, and the version that this one app has', () => {
    const files = Object.fromEntries(
      Object.entries(textsOf(blankApp())).map(([path, text]) => [`apps/a/${path}`, text]),
    );
    const lock =
      '{\n  "packages": {\n    "apps/a/node_modules/expo": {\n      "version": "57.0.31"\n    },\n    "node_modules/expo": {\n      "version": "56.0.0"\n    }\n  }\n}\n';
    expect(readProject(snapshotOf({ ...files, 'package-lock.json': lock }), 'apps/a')).toMatchObject({
      version: '57.0.31',
      lockFile: 'package-lock.json',
    });
  });

  it.each([
    [
      'yarn.lock',
      '# yarn lockfile v1\n\n\nexpo@^56.0.0:\n  version "56.0.1"\n\nexpo@^57.0.0, expo@~57.0.26:\n  version "57.0.30"\n',
    ],
    [
      'yarn.lock',
      '__metadata:\n  version: 8\n\n"expo@npm:^56.0.0":\n  version: 56.0.1\n\n"expo@npm:^57.0.0, expo@npm:~57.0.26":\n  version: 57.0.30\n',
    ],
    [
      'bun.lock',
      '{\n  "workspaces": {\n    "": {\n      "name": "root",\n    },\n    "apps/a": {\n      "name": "@shop/a",\n    },\n  },\n  "packages": {\n    "expo": ["expo@56.0.1", "", {}],\n\n    "@shop/a/expo": ["expo@57.0.30", "", {}],\n',
    ],
    [
      'pnpm-lock.yaml',
      "importers:\n\n  .: {}\n\n  apps/b:\n    dependencies:\n      expo:\n        specifier: ^56.0.0\n        version: 56.0.1\n\n  apps/a:\n    dependencies:\n      '@expo/ui':\n        specifier: '*'\n        version: 1.0.0\n      expo:\n        specifier: ~57.0.26\n        version: 57.0.30(react@19.0.0)\n",
    ],
  ])('finds the version of this one app in the %s of a workspace', (path, lock) => {
    const files = Object.fromEntries(
      Object.entries(textsOf(blankApp())).map(([file, text]) => [`apps/a/${file}`, text]),
    );
    expect(readProject(snapshotOf({ ...files, [path]: lock }), 'apps/a')).toMatchObject({
      version: '57.0.30',
      lockFile: path,
    });
  });

  it('reads the version behind a range that is named elsewhere, when there is only one', () => {
    const app = (lock: string) =>
      edited(blankApp({ 'yarn.lock': lock }), {
        'package.json': (text) => text.replace(/"expo": "[^"]*"/, '"expo": "catalog:"'),
      });
    const entry = (range: string, version: string) => `"expo@npm:${range}":\n  version: ${version}\n\n`;
    expect(readProject(app(`__metadata:\n  version: 8\n\n${entry('~57.0.0', '57.0.30')}`), '').version).toBe('57.0.30');
    const two = app(`__metadata:\n  version: 8\n\n${entry('~57.0.0', '57.0.30')}${entry('~56.0.0', '56.0.1')}`);
    expect(() => readProject(two, '')).toThrow(expect.objectContaining({ code: 'unsupported_sdk' }));
  });

  it("reads expo-router's folder, server and scheme", () => {
    const app = edited(
      blankApp({ 'src/routes/_layout.tsx': 'export default () => null;\n', 'src/app/other.ts': 'export {};\n' }),
      {
        'package.json': (text) => text.replace('"react":', '"expo-router": "1",\n    "react":'),
        'app.json': () =>
          '{ "expo": { "scheme": ["shop", "store"], "web": { "output": "server" }, "plugins": [["expo-router", { "root": "./src/routes" }]] } }',
      },
    );
    expect(readProject(app, '')).toMatchObject({
      router: 'expo-router',
      routesDir: 'src/routes',
      sourceDir: 'src',
      serverRoutes: true,
      scheme: 'shop',
    });
  });

  it('stays with the folder that the first connector went by', () => {
    const installed = edited(install(blankApp(), payments('')), { 'src/new.ts': () => 'export {};\n' });
    expect(readProject(installed, '').sourceDir).toBe('');
  });

  it('refuses what is no app, with what to do', () => {
    expect(() => readProject(snapshotOf({ 'readme.md': '' }), '')).toThrow(
      expect.objectContaining({ code: 'unsupported_app' }),
    );
    expect(() => readProject(blankApp({ 'package.json': '{' }), '')).toThrow(
      expect.objectContaining({ code: 'unsupported_app' }),
    );
    expect(() => readProject(blankApp({ 'package.json': '{"dependencies":{"vue":"3.0.0"}}' }), '')).toThrow(
      expect.objectContaining({ code: 'unsupported_app' }),
    );
    const workspace = snapshotOf({
      'package.json': '{ "workspaces": ["apps/*"] }',
      'apps/site/package.json': '{ "dependencies": { "next": "16.0.0" } }',
      'apps/shop/package.json': '{ "dependencies": { "expo": "57.0.0" } }',
      'packages/ui/package.json': '{ "peerDependencies": { "next": "*" } }',
      'tools/package.json': '{',
    });
    expect(() => readProject(workspace, '')).toThrow('Next.js app: apps/shop, apps/site.');
    expect(() => readProject(blankApp(), 'apps/none')).toThrow('apps/none/package.json');
    for (const range of ['latest', '*', '', 'workspace:*', 'npm:expo@57.0.0'])
      expect(() => readProject(blankApp({ 'package.json': `{"dependencies":{"expo":"${range}"}}` }), '')).toThrow(
        expect.objectContaining({ code: 'unsupported_sdk' }),
      );
  });
});
