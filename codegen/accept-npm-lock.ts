import { acceptEdges, acceptEntry, knownBy } from './accept-entry.ts';
import { rejected } from './lock-rejected.ts';
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
import { type Manifests, readManifest, sectionOf, touchedDependencies } from './touched.ts';

interface AcceptNpmLockInput {
  base: Uint8Array;
  result: Uint8Array;
  manifests: { base: Manifests; result: Manifests };
  hosts: readonly string[];
}

/** Accepts a lock file of npm, which says for each folder of `node_modules` what is in it; throws `lock_rejected`. */
export function acceptNpmLock({ base, result, manifests, hosts }: AcceptNpmLockInput): void {
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

/** The entry of a `package.json` follows it in its dependencies, and changes in nothing else. */
function acceptManifestEntry(
  path: string,
  old: LockEntry | undefined,
  now: LockEntry | undefined,
  manifests: AcceptNpmLockInput['manifests'],
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
