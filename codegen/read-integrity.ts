import type { ProjectFacts, Snapshot } from '../contract/codegen.ts';
import { escape } from './read-lock.ts';

/**
 * What an app's lock file says of the tarball of a package in one version, as `sha512-…`; undefined where it does not say it
 * in this form. The checksums of yarn 2 and newer are of other bytes, and `bun.lockb` is no text.
 */
export function readIntegrity(
  snapshot: Snapshot,
  { lockFile, packageManager }: Pick<ProjectFacts, 'lockFile' | 'packageManager'>,
  { name, version }: { name: string; version: string },
): string | undefined {
  const entry = entries[packageManager]?.(escape(name), escape(version));
  const file = snapshot.get(lockFile);
  if (entry === undefined || file === undefined) return undefined;
  return new RegExp(entry, 'm').exec(Buffer.from(file.bytes).toString('utf8'))?.[1];
}

const hash = String.raw`(sha512-[A-Za-z0-9+/]{86}==)`;

/** How an entry is written, from the name of its package to the hash. */
const entries: Partial<Record<ProjectFacts['packageManager'], (name: string, version: string) => string>> = {
  npm: (name, version) =>
    String.raw`/?node_modules/${name}": \{\s*"version": "${version}",(?:\s*"[^"]+": (?:"[^"]*"|true),)*?\s*"integrity": "${hash}"`,
  pnpm: (name, version) =>
    String.raw`^  '?/?${name}[@/]${version}(?:\([^\n]*\))?'?:\r?\n\s+resolution: \{integrity: ${hash}`,
  yarn1: (name, version) =>
    String.raw`^"?${name}@[^\n]*:\r?\n  version "${version}"\r?\n(?:  resolved [^\n]*\r?\n)?  integrity ${hash}`,
  bun: (name, version) => String.raw`\["${name}@${version}",[^\n]*"${hash}"\]`,
};
