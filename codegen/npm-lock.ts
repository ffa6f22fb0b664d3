import { GraftError } from '../contract/errors.ts';

/** One entry of `packages` in npm's lock file, with the fields that are judged. */
export interface LockEntry {
  name?: string;
  version?: string;
  resolved?: unknown;
  integrity?: unknown;
  link?: boolean;
  inBundle?: boolean;
  bundleDependencies?: unknown;
  [key: string]: unknown;
}

export interface NpmLock {
  /** Everything at the top but the entries. */
  head: Readonly<Record<string, unknown>>;
  /** Entries by path, as npm writes them: empty for the root, `node_modules/a/node_modules/b`. */
  packages: ReadonlyMap<string, LockEntry>;
  /** The entries of version 2's second telling, by the same paths; local packages left out. */
  legacy: ReadonlyMap<string, LockEntry>;
}

/** A package that another one asks for, and the entry that it gets. */
export interface Edge {
  from: string;
  name: string;
  specifier: string;
  to: string;
}

export const dependencySections = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
] as const;

type LegacyTree = Record<string, LockEntry & { dependencies?: LegacyTree }>;

/** Reads a lock file of version 2 or 3 (https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json); throws `lock_rejected`. */
export function readNpmLock(bytes: Uint8Array, whose: string): NpmLock {
  const { packages, dependencies, ...head } = parse(bytes);
  if (!isRecord(packages) || ![2, 3].includes(Number(head['lockfileVersion'])))
    throw new GraftError(
      'lock_rejected',
      `The lock file of ${whose} is not one of npm 7 or newer: run npm install and commit what it writes.`,
    );
  const legacy = new Map<string, LockEntry>();
  if (isRecord(dependencies)) flatten(dependencies as LegacyTree, '', legacy);
  const entries = new Map(Object.entries(packages).filter((pair): pair is [string, LockEntry] => isRecord(pair[1])));
  return { head, packages: entries, legacy };
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return isRecord(value) ? value : {};
  } catch (cause) {
    throw new GraftError('lock_rejected', 'The lock file is no JSON: run npm install and commit what it writes.', {
      cause,
    });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function flatten(tree: LegacyTree, parent: string, into: Map<string, LockEntry>): void {
  for (const [name, { dependencies, ...entry }] of Object.entries(tree)) {
    const path = below(parent, name);
    if (typeof entry.version === 'string' && !entry.version.startsWith('file:')) into.set(path, entry);
    if (dependencies !== undefined) flatten(dependencies, path, into);
  }
}

function below(folder: string, name: string): string {
  return `${folder}${folder === '' ? '' : '/'}node_modules/${name}`;
}

/** Is this the entry of a `package.json` in the repository? */
export function isManifestPath(path: string): boolean {
  return !`/${path}`.includes('/node_modules/');
}

/** `@scope/name` of an entry, as it is required by. */
export function shortName(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** Path of the package whose `node_modules` hold an entry, empty for the root. */
export function parentPackage(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/')));
}

/** Path of the entry that `name` means to a package at `from`, looked for upwards as Node does; links are followed. */
export function resolvePackage(lock: NpmLock, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const path = below(folder, name);
    const entry = lock.packages.get(path);
    if (entry?.link === true && typeof entry.resolved === 'string') return entry.resolved;
    if (entry !== undefined) return path;
    if (folder === '') return undefined;
  }
}

/** All that packages need of others, peers left out, as theirs is a wish that npm may refuse; missing ones are left out. */
export function* edgesOf(lock: NpmLock): Generator<Edge> {
  for (const [from, entry] of lock.packages)
    for (const section of dependencySections) {
      if (section === 'peerDependencies' || (section === 'devDependencies' && !isManifestPath(from))) continue;
      for (const [name, specifier] of Object.entries((entry[section] ?? {}) as Record<string, string>)) {
        const to = resolvePackage(lock, from, name);
        if (to !== undefined) yield { from, name, specifier, to };
      }
    }
}

/**
 * Paths of the entries that differ between two lock files and are needed by some dependencies, going on only through
 * entries that differ: what asks for the same as before has no reason to get something else.
 */
export function reachThroughChanges(
  lock: NpmLock,
  other: NpmLock,
  from: readonly { folder: string; name: string }[],
): Set<string> {
  const reached = new Set<string>();
  const waiting = from.map(({ folder, name }) => ({ folder, name }));
  for (const { folder, name } of waiting) {
    const path = resolvePackage(lock, folder, name);
    if (path === undefined || reached.has(path)) continue;
    const entry = lock.packages.get(path);
    if (isSame(entry, other.packages.get(path))) continue;
    reached.add(path);
    for (const section of ['dependencies', 'optionalDependencies', 'peerDependencies'] as const)
      for (const inner of Object.keys(entry?.[section] ?? {})) waiting.push({ folder: path, name: inner });
  }
  return reached;
}

/** Are two entries the same package to install, wherever they stand and whoever needs them? */
export function isSamePackage(left: LockEntry | undefined, right: LockEntry | undefined): boolean {
  return (['name', 'version', 'resolved', 'integrity', 'link'] as const).every((key) =>
    isSame(left?.[key], right?.[key]),
  );
}

/** Are two values of JSON the same, whatever the order of their keys? */
export function isSame(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

function sorted(value: unknown): unknown {
  if (!isRecord(value)) return Array.isArray(value) ? value.map(sorted) : value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}
