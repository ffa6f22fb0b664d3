import { cp, lstat, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { type Hosts, judgeSpecifier } from './specifier.ts';

/** A copy that holds only what a package manager must read, or why it was not made. */
export type ManifestCopy = { kind: 'copied'; digestParts: readonly string[] } | { kind: 'refused'; lines: string[] };

interface LockEntry {
  resolved?: unknown;
  link?: unknown;
}

const sections = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** npm settings that shape the tree and can neither run nor reach anything. */
const harmlessSettings =
  /^(?:legacy-peer-deps|strict-peer-deps|install-strategy|install-links|lockfile-version|omit-lockfile-registry-resolved|prefer-dedupe)\s*=\s*[\w-]*$/;

/**
 * Copies the `package.json` files of the root and its workspaces, the packages in the tree that they name, the lock file
 * and what is left of `.npmrc` into the empty folder `to`; refuses git, paths that leave the tree and foreign addresses,
 * line by line.
 */
export async function copyManifests(from: string, to: string, lockName: string, hosts: Hosts): Promise<ManifestCopy> {
  const lines: string[] = [];
  const digestParts: string[] = [];
  const folders = ['', ...(await findMembers(from))];
  for (const folder of folders) {
    const path = posix.join(folder, 'package.json');
    const text = await readIfFile(join(from, path));
    if (text === undefined && folder !== '') continue;
    const manifest = parseObject(text ?? '');
    if (manifest === undefined) lines.push(`${path} is not a JSON object.`);
    for (const [name, specifier] of specifiersOf(manifest ?? {})) {
      const judged = judgeSpecifier(specifier, folder, hosts);
      if (judged.kind === 'refused') lines.push(`${path}: ${name} (${specifier}) ${judged.why}.`);
      if (judged.kind !== 'local' || judged.path === '') continue;
      if (!folders.includes(judged.path)) folders.push(judged.path);
      await copyLocal(join(from, judged.path), join(to, judged.path));
    }
    digestParts.push(path, text ?? '');
    await place(join(to, path), text ?? '');
  }
  const lock = lockName === '' ? undefined : await readFile(join(from, lockName), 'utf8');
  if (lock !== undefined) {
    lines.push(...judgeLock(lock, lockName, hosts));
    digestParts.push(lockName, lock);
    await place(join(to, lockName), lock);
  }
  const settings = reduceSettings(await readIfFile(join(from, '.npmrc')), hosts);
  digestParts.push('.npmrc', settings);
  await place(join(to, '.npmrc'), settings);
  return lines.length > 0 ? { kind: 'refused', lines } : { kind: 'copied', digestParts };
}

/** Folders that the root's `workspaces` names. */
async function findMembers(root: string): Promise<string[]> {
  const workspaces = parseObject((await readIfFile(join(root, 'package.json'))) ?? '')?.['workspaces'];
  const listed: unknown = isObject(workspaces) ? workspaces['packages'] : workspaces;
  if (!Array.isArray(listed)) return [];
  const patterns = listed.filter((item) => typeof item === 'string').map((item) => posix.normalize(`${item}/.`));
  const folders = (await findManifests(root, '')).map((path) => posix.dirname(path));
  return folders.filter((folder) => folder !== '.' && patterns.some((pattern) => posix.matchesGlob(folder, pattern)));
}

async function findManifests(root: string, folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '.git')
      paths.push(...(await findManifests(root, path)));
    else if (entry.isFile() && entry.name === 'package.json') paths.push(path);
  }
  return paths.sort();
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // Said by the caller as a line of the verdict.
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function* specifiersOf(manifest: Record<string, unknown>): Generator<[string, string]> {
  for (const section of sections) yield* stringsIn(manifest[section]);
  yield* stringsIn(manifest['overrides']);
}

function* stringsIn(value: unknown): Generator<[string, string]> {
  if (!isObject(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner !== 'string') yield* stringsIn(inner);
    else if (!inner.startsWith('$')) yield [name, inner];
  }
}

/** A lock file says by itself where packages are fetched, whatever `package.json` says. */
function judgeLock(text: string, name: string, hosts: Hosts): string[] {
  const lock = parseObject(text);
  if (lock === undefined) return [`${name} is not a JSON object.`];
  const lines: string[] = [];
  const packages = isObject(lock['packages']) ? lock['packages'] : {};
  for (const [path, entry] of Object.entries(packages)) {
    const { resolved, link }: LockEntry = isObject(entry) ? entry : {};
    if (typeof resolved !== 'string') continue;
    const judged = judgeSpecifier(link === true && !resolved.includes(':') ? `./${resolved}` : resolved, '', hosts);
    if (judged.kind === 'refused') lines.push(`${name}: ${path} (${resolved}) ${judged.why}.`);
  }
  return lines;
}

function reduceSettings(text: string | undefined, hosts: Hosts): string {
  const kept = (text ?? '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => {
      const registry = /^(?:@[\w.-]+:)?registry\s*=\s*(\S+)$/.exec(line)?.[1];
      if (registry === undefined) return harmlessSettings.test(line);
      return URL.canParse(registry) && hosts.has(new URL(registry).host) && new URL(registry).username === '';
    });
  return kept.map((line) => `${line}\n`).join('');
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
