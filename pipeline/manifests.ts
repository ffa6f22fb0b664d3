import { cp, lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import type { PackageManager } from '../contract/closed-sets.ts';
import { type Fields, fieldsOf, isFields, parseFields } from './json-fields.ts';
import { judgeLock } from './judge-lock.ts';
import { reduceBunfig, reduceNpmrc, reducePnpmWorkspace, reduceYarnrc } from './manager-settings.ts';
import { findMembers } from './members.ts';
import { type Hosts, judgeSpecifier } from './specifier.ts';
import { settingsIn } from './unsupported.ts';

/** A copy that holds only what a package manager must read, or why it was not made. */
export type ManifestCopy = { kind: 'copied'; digestParts: readonly string[] } | { kind: 'refused'; lines: string[] };

export interface CopyRequest {
  from: string;
  /** An empty folder. */
  to: string;
  packageManager: PackageManager;
  /** Beside the root's `package.json`, empty without one. */
  lockName: string;
  hosts: Hosts;
}

const sections = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/**
 * Copies the `package.json` files of the root and its workspaces, the packages and patches in the tree that they name, the
 * lock file and what is left of the manager's settings; refuses git, paths that leave the tree and foreign addresses, line by
 * line.
 */
export async function copyManifests(request: CopyRequest): Promise<ManifestCopy> {
  const { from, to, packageManager, lockName, hosts } = request;
  const lines: string[] = [];
  const digestParts: string[] = [];
  const add = async (path: string, text: string) => {
    digestParts.push(path, text);
    await place(join(to, path), text);
  };
  const root = parseFields((await readIfFile(join(from, 'package.json'))) ?? '') ?? {};
  const settings = await readSettings(request);
  for (const [path, text] of settings.files) await add(path, text);
  const folders = ['', ...(await findMembers(from, settings.members ?? membersIn(root)))];
  const patches = new Set(
    [...textsIn(fieldsOf(root['pnpm'])['patchedDependencies']), ...textsIn(root['patchedDependencies'])].map(
      ([, path]) => path,
    ),
  );
  for (const [, path] of textsIn(settings.said['patchedDependencies'])) patches.add(path);
  for (const folder of folders) {
    const path = posix.join(folder, 'package.json');
    const text = await readIfFile(join(from, path));
    if (text === undefined && folder !== '') continue;
    const manifest = parseFields(text ?? '');
    if (manifest === undefined) lines.push(`${path} is not a JSON object.`);
    await judge(path, specifiersOf(manifest ?? {}), folder);
    await add(path, text ?? '');
  }
  for (const [path, said] of [
    ['package.json', root['workspaces']],
    [settings.name, settings.said],
  ] as const)
    await judge(path, catalogsOf(fieldsOf(said)), '');
  for (const path of patches) await copyPatch(path);
  const lock = lockName === '' ? undefined : await readFile(join(from, lockName), 'utf8');
  if (lock !== undefined) {
    lines.push(...judgeLock(packageManager, lock, lockName, hosts));
    await add(lockName, lock);
  }
  return lines.length > 0 ? { kind: 'refused', lines } : { kind: 'copied', digestParts };

  async function judge(path: string, specifiers: Iterable<[string, string]>, folder: string): Promise<void> {
    for (const [name, specifier] of specifiers) {
      const judged = judgeSpecifier(specifier, folder, hosts);
      if (judged.kind === 'refused') lines.push(`${path}: ${name} (${specifier}) ${judged.why}.`);
      if (judged.kind === 'patched') patches.add(judged.path);
      if (judged.kind !== 'local' || judged.path === '') continue;
      if (!folders.includes(judged.path)) folders.push(judged.path);
      await copyLocal(join(from, judged.path), join(to, judged.path));
    }
  }

  async function copyPatch(path: string): Promise<void> {
    const text = posix.normalize(path).startsWith('../') ? undefined : await readIfFile(join(from, path));
    if (text === undefined) lines.push(`${path} is no patch in the repository.`);
    else await add(posix.normalize(path), text);
  }
}

interface Settings {
  /** Path → what is left of it. */
  files: ReadonlyMap<string, string>;
  /** What the manager's own file says, by name. */
  name: string;
  said: Fields;
  /** Patterns of the workspace, where that file names them. */
  members: readonly string[] | undefined;
}

async function readSettings({ from, packageManager, hosts }: CopyRequest): Promise<Settings> {
  const read = (path: string) => readIfFile(join(from, path));
  const files = new Map([['.npmrc', reduceNpmrc((await read('.npmrc')) ?? '', hosts)]]);
  const none = { files, name: '', said: {}, members: undefined };
  if (packageManager === 'bun') files.set('bunfig.toml', reduceBunfig((await read('bunfig.toml')) ?? ''));
  const name = { pnpm: 'pnpm-workspace.yaml', yarn: '.yarnrc.yml', npm: '', yarn1: '', bun: '', none: '' }[
    packageManager
  ];
  const text = name === '' ? undefined : await read(name);
  if (text === undefined) return { ...none, members: packageManager === 'pnpm' ? [] : undefined };
  const said = settingsIn(text, name);
  files.set(name, packageManager === 'pnpm' ? reducePnpmWorkspace(text) : reduceYarnrc(text, hosts));
  return { files, name, said, members: packageManager === 'pnpm' ? stringsIn(said['packages']) : undefined };
}

/** What the root's `workspaces` names. */
function membersIn({ workspaces }: Fields): string[] {
  return stringsIn(isFields(workspaces) ? workspaces['packages'] : workspaces);
}

function* specifiersOf(manifest: Fields): Generator<[string, string]> {
  for (const section of sections) yield* textsIn(manifest[section]);
  for (const section of ['overrides', 'resolutions']) yield* textsIn(manifest[section]);
  yield* textsIn(fieldsOf(manifest['pnpm'])['overrides']);
}

/** Ranges that members name by `catalog:`, and those that stand for others everywhere. */
function* catalogsOf(said: Fields): Generator<[string, string]> {
  for (const key of ['catalog', 'catalogs', 'overrides']) yield* textsIn(said[key]);
}

function* textsIn(value: unknown): Generator<[string, string]> {
  for (const [name, inner] of Object.entries(fieldsOf(value)))
    if (typeof inner !== 'string') yield* textsIn(inner);
    else if (!inner.startsWith('$')) yield [name, inner];
}

function stringsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

async function readIfFile(path: string): Promise<string | undefined> {
  const file = await lstat(path).catch(() => undefined);
  return file?.isFile() === true ? readFile(path, 'utf8') : undefined;
}

async function place(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function copyLocal(from: string, to: string): Promise<void> {
  if ((await lstat(from).catch(() => undefined)) === undefined) return;
  await cp(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !/\/node_modules(?:\/|$)/.test(path.slice(from.length)),
  });
}
