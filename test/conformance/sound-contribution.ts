import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import { expect } from 'vitest';
import { stripTypes } from '../../codegen/strip-types.ts';
import type { Contribution } from '../../contract/connector.ts';

/** Packages that every app has, besides those that a connector brings. */
const ofEveryApp = ['react', 'react-native', 'expo', 'next', 'node:http'];

/** Is this a module that only a server loads? */
const isServer = (path: string) =>
  path.includes('/server/') || /\+api\.[jt]sx?$|(?:^|\/)route\.[jt]s$|(?:^|\/)pages\/api\//.test(path);

/** What must hold of any contribution: files that parse and find each other, no secret where people can read it, complete texts. */
export function expectSound(contribution: Contribution, alias: string): void {
  const { files, environmentKeys, provider, serverChecks, packages } = contribution;
  const paths = files.map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);

  for (const file of files) {
    expect(file.path, 'a path below the app').toBe(posix.normalize(file.path));
    expect(file.path).not.toMatch(/^(\/|\.\.)/);
    expect(file.purpose).not.toBe('');
    expect(file.text, `${file.path} ends with one line end`).toMatch(/[^\n]\n$/);
    expect(file.text, `${file.path} has a left-over of its template`).not.toMatch(
      /@(if|end)\b|__(?!DEV__)[A-Z_]{3,}__|[ \t]$|\r|\n\n\n/m,
    );
    const { errors, module } = parseSync(file.path, file.text);
    expect(errors, file.path).toEqual([]);
    expect(() => stripTypes(file.path, file.text), `${file.path} as JavaScript`).not.toThrow();
    for (const { moduleRequest } of module.staticImports) {
      expectFound(file.path, moduleRequest.value, paths, [...ofEveryApp, ...packages.map(({ name }) => name)]);
    }
    expectEnvironment(file, environmentKeys);
  }

  for (const { key, secret } of environmentKeys) {
    if (secret) expect(key, 'a secret is never built into the app').not.toMatch(/^(EXPO|NEXT)_PUBLIC_/);
    if (alias !== '') expect(key).toContain(alias.toUpperCase());
  }
  // Those of Expo itself follow the patches of the SDK.
  for (const { name, range } of packages)
    expect(range, `${name} is pinned`).toMatch(name.startsWith('expo-') ? /^~?\d+\.\d+\.\d+$/ : /^\d+\.\d+\.\d+$/);
  if (provider) expect(exportsOf(files, provider.module)).toContain(provider.component);
  for (const check of serverChecks) expect(exportsOf(files, check.module), check.name).toContain(check.export);

  expect(contribution.nextSteps.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['build', 'values', 'use']));
  for (const { text } of contribution.nextSteps) {
    expect(text.en.trim()).not.toBe('');
    expect(text.ar, 'an Arabic text').toMatch(/\p{Script=Arabic}/u);
  }
}

function expectFound(from: string, specifier: string, paths: readonly string[], packages: readonly string[]): void {
  if (!specifier.startsWith('.')) {
    expect(packages, `${from} imports ${specifier}`).toContain(packageOf(specifier));
    return;
  }
  const target = posix.join(posix.dirname(from), specifier);
  const found = paths.some((path) => path === `${target}.ts` || path === `${target}.tsx`);
  expect(found, `${from} imports ${specifier}`).toBe(true);
  if (!isServer(from)) expect(target, 'the app never loads a server module').not.toMatch(/\/server\//);
}

/** `@scope/name` or `name`, whatever folder of it is imported. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Reads of the environment must be spelled out to be built in, and only of keys that are the connector's. */
function expectEnvironment(file: Contribution['files'][number], keys: Contribution['environmentKeys']): void {
  const reads = [...file.text.matchAll(/process\.env(\.(\w+))?/g)].map((match) => match[2]);
  for (const read of reads.filter((name) => name !== 'NODE_ENV'))
    expect(
      keys.map(({ key }) => key),
      `${file.path} reads ${read}`,
    ).toContain(read);
  if (isServer(file.path)) return;
  for (const { key, secret } of keys)
    if (secret) expect(file.text, `${file.path} is built into the app`).not.toContain(key);
}

function exportsOf(files: Contribution['files'], path: string): (string | null)[] {
  const file = files.find((one) => one.path === path);
  expect(file, `${path} is among the files`).toBeDefined();
  const { module } = parseSync(path, file?.text ?? '');
  return module.staticExports.flatMap(({ entries }) => entries.map(({ exportName }) => exportName.name));
}
