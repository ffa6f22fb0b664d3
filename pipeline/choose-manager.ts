import semver from 'semver';
import type { ManagerKind } from './manager-commands.ts';
import { npmVersion } from './own-npm.ts';

/** A package manager in one exact version, with the hash that the app gives for it. */
export interface ChosenManager {
  kind: ManagerKind;
  version: string;
  hash: { algorithm: string; digest: string } | undefined;
}

export type ManagerChoice = { kind: 'chosen'; manager: ChosenManager } | { kind: 'unsupported'; why: string };

/** What pnpm 11 and newer write before the lock file of an app that names pnpm in `devEngines`. */
const ownVersion =
  /^ {4}packageManagerDependencies:\n(?: {6}.*\n)*? {6}pnpm:\n {8}specifier: .*\n {8}version: ([\d.]+)$/m;

/** pnpm 11 and newer grant optional peers, in the same format; nearly every app has `debug`, whose peer this is. */
const grantedPeer = /^ {2}debug@[\d.]+\(supports-color@/m;

/** The command by which `packageManager` names each. */
const names: Readonly<Record<ManagerKind, string>> = {
  npm: 'npm',
  pnpm: 'pnpm',
  yarn1: 'yarn',
  yarn: 'yarn',
  bun: 'bun',
};

/**
 * Chooses the version of the package manager that a lock file is of: the one that `packageManager`, yarn's `yarnPath` or
 * pnpm's lock file pins, else the newest that writes this format as it stands. npm is always ours.
 */
export function chooseManager(
  kind: ManagerKind,
  app: { lock: string; packageManager: unknown; yarnPath: string | undefined },
): ManagerChoice {
  const chosen = (version: string, hash?: ChosenManager['hash']): ManagerChoice => ({
    kind: 'chosen',
    manager: { kind, version, hash },
  });
  if (kind === 'npm') return chosen(npmVersion);
  const pinned = typeof app.packageManager === 'string' ? app.packageManager : '';
  const [, name, version = '', algorithm, digest] = /^([\w-]+)@([^+]+)(?:\+(\w+)\.(\w+))?$/.exec(pinned) ?? [];
  if (name === names[kind] && isOf(kind, version)) {
    const hash = algorithm === undefined || digest === undefined ? undefined : { algorithm, digest };
    if (hash !== undefined && !/^sha(?:1|224|256|384|512)$/.test(hash.algorithm))
      return { kind: 'unsupported', why: `packageManager gives a hash by ${algorithm}, which Graft does not compute` };
    return chosen(version, hash);
  }
  if (pinned.startsWith(`${names[kind]}@`) && semver.valid(version) === null)
    return { kind: 'unsupported', why: `packageManager (${pinned}) is no exact version of ${names[kind]}` };
  const inPath = /yarn-(\d+\.\d+\.\d+)\.c?js$/.exec(app.yarnPath ?? '')?.[1];
  if (inPath !== undefined && isOf(kind, inPath)) return chosen(inPath);
  return byFormat(kind, app.lock, chosen);
}

function isOf(kind: ManagerKind, version: string): boolean {
  if (semver.valid(version) === null) return false;
  return kind === 'yarn1' ? semver.major(version) === 1 : kind !== 'yarn' || semver.major(version) > 1;
}

function byFormat(kind: ManagerKind, lock: string, chosen: (version: string) => ManagerChoice): ManagerChoice {
  if (kind === 'pnpm') {
    const own = lock.startsWith('---\n') ? ownVersion.exec(lock)?.[1] : undefined;
    if (own !== undefined) return chosen(own);
    const format = /^lockfileVersion: '?([\d.]+)/m.exec(lock)?.[1];
    if (format === '9.0') return chosen(grantedPeer.test(lock) ? '12.21.0' : '10.34.8');
    return { kind: 'unsupported', why: `pnpm-lock.yaml is of version ${format ?? 'unknown'}, and Graft reads 9.0` };
  }
  if (kind === 'yarn1') return chosen('1.22.22');
  if (kind === 'yarn') {
    const format = /^__metadata:\r?\n {2}version: (\d+)/m.exec(lock)?.[1] ?? 'unknown';
    const version = { '6': '3.8.7', '8': '4.12.0', '9': '4.14.1', '10': '4.18.1' }[format];
    if (version !== undefined) return chosen(version);
    return { kind: 'unsupported', why: `yarn.lock is of version ${format}, and Graft knows 6, 8, 9 and 10` };
  }
  // Newer versions add this line to a lock file that lacks it.
  return chosen(lock.includes('"configVersion"') ? '1.4.5' : '1.2.20');
}
