import type { Snapshot } from '../contract/codegen.ts';
import { posix } from 'node:path';
import { type LockEntry, dependencySections } from './npm-lock.ts';

/** Texts of `package.json` by folder relative to the lock file's, empty for its own. */
export type Manifests = ReadonlyMap<string, string>;

/** A dependency whose range was added, removed or changed. */
export interface Touched {
  folder: string;
  name: string;
  /** As the result wants it; undefined for one that is optional or went. */
  range: string | undefined;
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

/** Dependencies that differ between two sets of manifests, by the folder of their manifest. */
export function touchedDependencies({ base, result }: { base: Manifests; result: Manifests }): Touched[] {
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

export function readManifest(manifests: Manifests, folder: string): LockEntry {
  return JSON.parse(manifests.get(folder) ?? '{}') as LockEntry;
}

export function sectionOf(entry: LockEntry, section: string): Record<string, string> {
  return (entry[section] ?? {}) as Record<string, string>;
}
