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
    'https://registry.example/a/-/a-1.0.0.tgz',
  ])('may be fetched from the registry: %s', (specifier) =>
    expect(judgeSpecifier(specifier, '', hosts)).toEqual({ kind: 'registry' }),
  );

  it.each([
    ['file:packages/a', '', 'packages/a'],
    ['../b', 'packages/a', 'packages/b'],
    ['file:./c/', 'packages/a', 'packages/a/c'],
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

  it('says that a manifest is not JSON', async () => {
    const { result } = await copy({ 'package.json': '{ "dependencies": ' });
    expect(result).toEqual({ kind: 'refused', lines: ['package.json is not a JSON object.'] });
  });
});
