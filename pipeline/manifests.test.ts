import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { PackageManager } from '../contract/closed-sets.ts';
import { copyManifests } from './manifests.ts';
import { judgeSpecifier } from './specifier.ts';

const hosts = new Set(['registry.example']);

describe('a specifier', () => {
  it.each([
    '^1.2.3',
    '1.x || >=2 <3',
    'latest',
    '',
    '*',
    'npm:other@^1',
    'npm:@scope/other@1',
    'npm:^1.2.3',
    'workspace:^',
    'workspace:*',
    'catalog:',
    'catalog:react19',
    'patch:typescript@npm%3A^5.0.0#optional!builtin<compat/typescript>',
    'https://registry.example/a/-/a-1.0.0.tgz',
  ])('may be fetched from the registry: %s', (specifier) =>
    expect(judgeSpecifier(specifier, '', hosts)).toEqual({ kind: 'registry' }),
  );

  it.each([
    ['file:packages/a', '', 'packages/a'],
    ['../b', 'packages/a', 'packages/b'],
    ['file:./c/', 'packages/a', 'packages/a/c'],
    ['link:../c', 'packages/a', 'packages/c'],
  ])('may name a package of the tree: %s', (specifier, folder, path) =>
    expect(judgeSpecifier(specifier, folder, hosts)).toEqual({ kind: 'local', path }),
  );

  it.each([
    'git+https://registry.example/a.git',
    'git+ssh://git@host/a.git',
    'git@host:a/b.git',
    'github:someone/a',
    'someone/a',
    'someone/a#semver:^1',
    'ssh://host/a',
    'https://elsewhere.example/a.tgz',
    'http://user@registry.example/a.tgz',
    'HTTPS://elsewhere.example/a.tgz',
    'npm:someone/a',
    'file:../outside',
    'file:/etc',
    'file:///etc',
    '~/a',
    '../../a',
    'link:../a',
    'portal:/etc',
    'jsr:@std/path@1',
    'workspace:../../a',
    'patch:a@npm%3A1.0.0#../evil.patch',
    'patch:a@git%40host%3Aa/b.git#~/a.patch',
    'a\\..\\b',
  ])('is refused: %s', (specifier) => expect(judgeSpecifier(specifier, '', hosts).kind).toBe('refused'));
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function copy(files: Record<string, string>, lockName = '', packageManager: PackageManager = 'npm') {
  const folder = mkdtempSync(join(tmpdir(), 'graft-manifests-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'from', path)), { recursive: true });
    writeFileSync(join(folder, 'from', path), text);
  }
  const to = join(folder, 'to');
  const result = await copyManifests({ from: join(folder, 'from'), to, packageManager, lockName, hosts });
  return {
    result,
    has: (path: string) => existsSync(join(to, path)),
    read: (path: string) => readFileSync(join(to, path), 'utf8'),
  };
}

describe('the copy for the dependency step', () => {
  it('holds manifests, members and the packages of the tree that they name, and nothing else', async () => {
    const { result, has } = await copy({
      'package.json': '{ "workspaces": ["apps/*"], "dependencies": { "a": "file:lib/a" } }',
      'apps/one/package.json': '{ "dependencies": { "b": "file:../../lib/b" } }',
      'apps/one/index.ts': 'code',
      'lib/a/package.json': '{ "dependencies": { "c": "file:../c" } }',
      'lib/a/bin/run.js': 'code',
      'lib/a/node_modules/x/package.json': '{}',
      'lib/b/package.json': '{}',
      'lib/c/package.json': '{}',
      'fixtures/bad/package.json': '{ "dependencies": { "x": "github:someone/x" } }',
      'metro.config.js': 'code',
    });
    expect(result.kind).toBe('copied');
    for (const path of [
      'package.json',
      'apps/one/package.json',
      'lib/a/bin/run.js',
      'lib/b/package.json',
      'lib/c/package.json',
    ])
      expect([path, has(path)]).toEqual([path, true]);
    for (const path of ['apps/one/index.ts', 'fixtures', 'metro.config.js', 'lib/a/node_modules'])
      expect([path, has(path)]).toEqual([path, false]);
  });

  it('judges members, packages of the tree and overrides as well', async () => {
    const { result } = await copy({
      'package.json':
        '{ "workspaces": ["apps/*"], "dependencies": { "a": "file:lib/a" }, "overrides": { "q": { "r": "someone/r" } } }',
      'apps/one/package.json': '{ "devDependencies": { "x": "github:someone/x" } }',
      'lib/a/package.json': '{ "optionalDependencies": { "y": "https://elsewhere.example/y.tgz" } }',
    });
    expect(result).toMatchObject({ kind: 'refused' });
    expect(result.kind === 'refused' ? result.lines.join('\n') : '').toMatch(
      /r \(someone\/r\)[^]*x \(github[^]*y \(https:/,
    );
  });

  it('keeps of .npmrc what names an allowed registry or shapes the tree', async () => {
    const { read } = await copy({
      'package.json': '{}',
      '.npmrc': [
        'registry=https://registry.example/npm/',
        '@corp:registry = https://registry.example/corp/',
        '@evil:registry=https://elsewhere.example/',
        'registry=https://user:secret@registry.example/',
        '//registry.example/:_authToken=secret',
        'legacy-peer-deps=true',
        'ignore-scripts=false',
        'script-shell=./evil.sh',
        'cafile=/etc/passwd',
        'node-options=--require ./evil.js',
        'install-strategy=${HOME}',
      ].join('\n'),
    });
    expect(read('.npmrc')).toBe(
      'registry=https://registry.example/npm/\n@corp:registry = https://registry.example/corp/\nlegacy-peer-deps=true\n',
    );
  });

  it.each([
    ['git+ssh://git@host/a.git', false],
    ['https://elsewhere.example/a/-/a-1.0.0.tgz', false],
    ['../../outside', true],
  ])('refuses a lock file that fetches %s', async (resolved, link) => {
    const lock = JSON.stringify({ lockfileVersion: 3, packages: { '': {}, 'node_modules/a': { resolved, link } } });
    const { result } = await copy({ 'package.json': '{}', 'package-lock.json': lock }, 'package-lock.json');
    expect(result.kind === 'refused' ? result.lines[0] : '').toContain('package-lock.json: node_modules/a');
  });

  it('keeps of pnpm-workspace.yaml, .yarnrc.yml and bunfig.toml what shapes the tree and runs nothing', async () => {
    const pnpm = await copy(
      {
        'package.json': '{}',
        'pnpm-workspace.yaml':
          "packages: ['apps/*', '!apps/two']\ncatalog:\n  react: ^19.0.0\nnodeLinker: hoisted\nscriptShell: ./evil.sh\npatchedDependencies:\n  a@1.0.0: patches/a.patch\n",
        'patches/a.patch': 'a patch',
        'apps/one/package.json': '{ "dependencies": { "react": "catalog:" } }',
        'apps/two/package.json': '{ "dependencies": { "x": "github:someone/x" } }',
        '.pnpmfile.cjs': 'code',
      },
      '',
      'pnpm',
    );
    expect(pnpm.result.kind).toBe('copied');
    expect(pnpm.read('pnpm-workspace.yaml')).toContain('nodeLinker: hoisted');
    expect(pnpm.read('pnpm-workspace.yaml')).not.toContain('evil');
    expect(
      ['patches/a.patch', 'apps/one/package.json', 'apps/two/package.json', '.pnpmfile.cjs'].map(pnpm.has),
    ).toEqual([true, true, false, false]);
    const yarn = await copy(
      {
        'package.json': '{ "dependencies": { "a": "patch:a@npm%3A1.0.0#~/.yarn/patches/a.patch" } }',
        '.yarn/patches/a.patch': 'a patch',
        '.yarnrc.yml':
          'nodeLinker: node-modules\nyarnPath: .yarn/releases/evil.cjs\nplugins: [{ path: evil.cjs }]\nnpmScopes:\n  corp: { npmRegistryServer: https://registry.example, npmAuthToken: secret }\n  evil: { npmRegistryServer: https://elsewhere.example }\n',
      },
      '',
      'yarn',
    );
    expect(yarn.result.kind).toBe('copied');
    expect(yarn.has('.yarn/patches/a.patch')).toBe(true);
    expect(yarn.read('.yarnrc.yml')).toBe(
      'nodeLinker: node-modules\nnpmScopes:\n  corp:\n    npmRegistryServer: https://registry.example\n',
    );
    const bun = await copy(
      {
        'package.json': '{}',
        'bunfig.toml':
          'preload = ["./evil.ts"]\n[install]\nlinker = "hoisted" # as ever\nregistry = "https://elsewhere.example"\n[run]\nbun = true\n',
      },
      '',
      'bun',
    );
    expect(bun.read('bunfig.toml')).toBe('[install]\nlinker = "hoisted"\n');
  });

  it.each([
    [
      'pnpm',
      'pnpm-lock.yaml',
      'packages:\n  a@1.0.0:\n    resolution: {tarball: https://elsewhere.example/a.tgz, integrity: x}\n',
    ],
    [
      'pnpm',
      'pnpm-lock.yaml',
      'packages:\n  a@1.0.0:\n    resolution: {commit: x, repo: git@host:a/b.git, type: git}\n',
    ],
    ['yarn1', 'yarn.lock', 'a@^1:\n  version "1.0.0"\n  resolved "https://elsewhere.example/a/-/a-1.0.0.tgz#x"\n'],
    [
      'yarn',
      'yarn.lock',
      '"a@npm:1":\n  resolution: "a@npm:1.0.0::__archiveUrl=https%3A%2F%2Felsewhere.example%2Fa.tgz"\n',
    ],
    [
      'yarn',
      'yarn.lock',
      '"a@https://elsewhere.example/a.git":\n  resolution: "a@https://elsewhere.example/a.git#commit=x"\n',
    ],
    ['bun', 'bun.lock', '{ "packages": { "a": ["a@1.0.0", "https://elsewhere.example/a.tgz", {}, "x"] } }'],
    [
      'bun',
      'bun.lock',
      '{ "packages": { "a": ["a@github:someone/a#x", {}, "x"], "b": ["b@git+ssh://git@host/b.git#x", {}, "x"] } }',
    ],
  ] as const)('refuses what the lock file of %s fetches elsewhere: %s %s', async (manager, name, lock) => {
    const { result } = await copy({ 'package.json': '{}', [name]: lock }, name, manager);
    expect(result.kind).toBe('refused');
  });

  it('says that a manifest is not JSON', async () => {
    const { result } = await copy({ 'package.json': '{ "dependencies": ' });
    expect(result).toEqual({ kind: 'refused', lines: ['package.json is not a JSON object.'] });
  });
});
