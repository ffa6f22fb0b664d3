import { posix } from 'node:path';
import type { PackageManager } from '../contract/closed-sets.ts';
import type { Snapshot } from '../contract/codegen.ts';
import { acceptEdges, acceptEntry, knownBy, rejected } from './accept-entry.ts';
import {
  type LockEntry,
  type NpmLock,
  dependencySections,
  isManifestPath,
  isSame,
  isSamePackage,
  parentPackage,
  reachThroughChanges,
  readNpmLock,
  resolvePackage,
  shortName,
} from './npm-lock.ts';

/** Texts of `package.json` by folder relative to the lock file's, empty for its own. */
export type Manifests = ReadonlyMap<string, string>;

export interface AcceptLockInput {
  manager: PackageManager;
  base: Uint8Array;
  result: Uint8Array;
  manifests: { base: Manifests; result: Manifests };
  /** Hosts the operator allows besides those of the base lock file. */
  hosts: readonly string[];
}

/** The `package.json` texts that belong to a lock file: all at its folder and below. */
export function readManifests(snapshot: Snapshot, lockFile: string): Manifests {
  const root = posix.dirname(lockFile);
  const manifests = new Map<string, string>();
  for (const [path, file] of snapshot) {
    const inner = posix.relative(root, path);
    if (posix.basename(path) !== 'package.json' || inner.startsWith('../') || file.mode === '120000') continue;
    const folder = posix.dirname(inner);
    manifests.set(folder === '.' ? '' : folder, Buffer.from(file.bytes).toString('utf8'));
  }
  return manifests;
}

/**
 * Accepts a lock file that hostile hands may have written: against the base's, each changed entry belongs to a dependency
 * whose range differs between the manifests, comes from an allowed host, has integrity and fits who asks for it, and
 * nothing else moved. Throws `lock_rejected` that names the entry. npm's versions 2 and 3; another manager's must not change.
 */
export function acceptLock({ manager, base, result, manifests, hosts }: AcceptLockInput): void {
  if (Buffer.from(base).equals(Buffer.from(result))) return;
  if (manager !== 'npm') throw rejected(`The lock file of ${manager} changed, and only npm's can be judged yet.`);
  const before = readNpmLock(base, 'the base');
  const after = readNpmLock(result, 'the result');
  for (const key of new Set([...Object.keys(before.head), ...Object.keys(after.head)]))
    if (!isSame(before.head[key], after.head[key])) throw rejected(`"${key}" at the top of the lock file changed.`);
  const touched = touchedDependencies(manifests);
  const reached = new Set([
    ...reachThroughChanges(before, after, touched),
    ...reachThroughChanges(after, before, touched),
  ]);
  const known = knownBy(before, hosts);
  for (const path of new Set([...before.packages.keys(), ...after.packages.keys()])) {
    const [old, now] = [before.packages.get(path), after.packages.get(path)];
    if (isSame(old, now)) continue;
    if (isManifestPath(path)) acceptManifestEntry(path, old, now, manifests);
    else if (!reached.has(path) && !isOnlyMoved(path, old, now, before, after))
      throw rejected(`${path} changed, and belongs to no dependency that this plan touches.`);
    else if (now !== undefined) acceptEntry(path, now, after, known);
  }
  acceptEdges(before, after, readManifest(manifests.result, '')['overrides'] !== undefined);
  for (const { folder, name, range } of touched)
    if (range !== undefined && resolvePackage(after, folder, name) === undefined)
      throw rejected(`${name} is in package.json, and not in the lock file.`);
  refuseOtherLegacy(before, after);
}

interface Touched {
  folder: string;
  name: string;
  /** As the result wants it; undefined for one that is optional or went. */
  range: string | undefined;
}

/** Dependencies whose range was added, removed or changed, by the folder of their manifest. */
function touchedDependencies({ base, result }: AcceptLockInput['manifests']): Touched[] {
  const touched: Touched[] = [];
  for (const folder of new Set([...base.keys(), ...result.keys()])) {
    const [old, now] = [readManifest(base, folder), readManifest(result, folder)];
    for (const section of dependencySections) {
      const [was, is] = [sectionOf(old, section), sectionOf(now, section)];
      const needed = section === 'dependencies' || section === 'devDependencies';
      for (const name of new Set([...Object.keys(was), ...Object.keys(is)]))
        if (was[name] !== is[name]) touched.push({ folder, name, range: needed ? is[name] : undefined });
    }
  }
  return touched;
}

function readManifest(manifests: Manifests, folder: string): LockEntry {
  return JSON.parse(manifests.get(folder) ?? '{}') as LockEntry;
}

function sectionOf(entry: LockEntry, section: string): Record<string, string> {
  return (entry[section] ?? {}) as Record<string, string>;
}

/** The entry of a `package.json` follows it in its dependencies, and changes in nothing else. */
function acceptManifestEntry(
  path: string,
  old: LockEntry | undefined,
  now: LockEntry | undefined,
  manifests: AcceptLockInput['manifests'],
): void {
  const name = path === '' ? 'the root package' : path;
  if (old === undefined || now === undefined) throw rejected(`The entry of ${name} came or went.`);
  const manifest = readManifest(manifests.result, path);
  for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (isSame(old[key], now[key])) continue;
    if (!(dependencySections as readonly string[]).includes(key))
      throw rejected(`The entry of ${name} changed in "${key}".`);
    if (!isSame(sectionOf(now, key), sectionOf(manifest, key)))
      throw rejected(`The entry of ${name} does not say what its package.json says in "${key}".`);
  }
}

/**
 * A package that gives up its place to one that the plan brings is nested under those who use it, and comes back when that
 * one goes: its users mean the same package before and after.
 */
function isOnlyMoved(
  path: string,
  old: LockEntry | undefined,
  now: LockEntry | undefined,
  before: NpmLock,
  after: NpmLock,
): boolean {
  if (old !== undefined && now !== undefined) return false;
  const user = parentPackage(path);
  const meant = (lock: NpmLock) => lock.packages.get(resolvePackage(lock, user, shortName(path)) ?? '');
  return before.packages.has(user) && after.packages.has(user) && isSamePackage(meant(before), meant(after));
}

/** Version 2 says everything twice; older npm versions read the second telling. */
function refuseOtherLegacy(before: NpmLock, after: NpmLock): void {
  for (const [path, entry] of after.legacy) {
    if (isSame(entry, before.legacy.get(path))) continue;
    const said = after.packages.get(path);
    for (const key of ['version', 'resolved', 'integrity'] as const)
      if (!isSame(entry[key], said?.[key])) throw rejected(`${path} is told in two ways: "${key}" differs.`);
  }
}
