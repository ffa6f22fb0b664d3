import type { PackageManager } from '../contract/closed-sets.ts';
import { acceptGraph } from './accept-graph.ts';
import { acceptNpmLock } from './accept-npm-lock.ts';
import { readBunLock } from './bun-lock.ts';
import type { LockGraph } from './lock-graph.ts';
import { rejected } from './lock-rejected.ts';
import { dependencySections } from './npm-lock.ts';
import { readPnpmLock } from './pnpm-lock.ts';
import { type Manifests, readManifest, sectionOf } from './touched.ts';
import { readYarn1Lock } from './yarn1-lock.ts';
import { readYarnLock } from './yarn-lock.ts';

export interface AcceptLockInput {
  manager: PackageManager;
  base: Uint8Array;
  result: Uint8Array;
  manifests: { base: Manifests; result: Manifests };
  /** Hosts the operator allows besides those of the base lock file. */
  hosts: readonly string[];
}

/**
 * Accepts a lock file that hostile hands may have written: against the base's, each changed entry belongs to a dependency
 * whose range differs between the manifests, comes from an allowed host, has integrity and fits who asks for it, and
 * nothing else moved. Throws `lock_rejected` that names the entry.
 */
export function acceptLock(input: AcceptLockInput): void {
  const { manager, base, result, manifests, hosts } = input;
  if (Buffer.from(base).equals(Buffer.from(result))) return;
  if (manager === 'npm') return acceptNpmLock(input);
  const before = readLock(manager, base, 'the base', manifests.base);
  const after = readLock(manager, result, 'the result', manifests.result);
  acceptGraph({ before, after, manifests, hosts });
}

function readLock(manager: PackageManager, bytes: Uint8Array, whose: string, manifests: Manifests): LockGraph {
  if (manager === 'pnpm') return readPnpmLock(bytes, whose);
  if (manager === 'yarn1') return readYarn1Lock(bytes, whose, askedBy(manifests));
  if (manager === 'yarn') return readYarnLock(bytes, whose);
  if (manager === 'bun') return readBunLock(bytes, whose);
  throw rejected('The app had no lock file, and got one.');
}

function askedBy(manifests: Manifests): Map<string, Map<string, string>> {
  return new Map(
    [...manifests.keys()].map((folder) => {
      const manifest = readManifest(manifests, folder);
      const sections = dependencySections.filter((section) => section !== 'peerDependencies');
      return [folder, new Map(sections.flatMap((section) => Object.entries(sectionOf(manifest, section))))];
    }),
  );
}
