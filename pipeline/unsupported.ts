import { parse } from 'yaml';
import { GraftError } from '../contract/errors.ts';
import { fieldsOf } from './json-fields.ts';
import type { ManagerKind } from './manager-commands.ts';

/** Texts of files beside the lock file, undefined where there is none. */
export type ReadText = (path: string) => Promise<string | undefined>;

/**
 * Why the dependencies of an app cannot be installed as its package manager would: its lock file is binary, or resolving
 * runs code of the app. Undefined when they can.
 */
export async function findUnsupported(
  kind: ManagerKind,
  lockName: string,
  read: ReadText,
): Promise<string | undefined> {
  if (lockName === 'bun.lockb')
    return 'bun.lockb is binary and cannot be judged: run bun install --save-text-lockfile --lockfile-only, and commit bun.lock in its place';
  if (kind === 'pnpm') return findPnpmHooks(read);
  if (kind !== 'yarn') return undefined;
  const { nodeLinker = 'pnp' } = settingsIn((await read('.yarnrc.yml')) ?? '', '.yarnrc.yml');
  if (nodeLinker === 'node-modules') return undefined;
  return `yarn installs with nodeLinker ${String(nodeLinker)}, and Graft builds only with node-modules: set nodeLinker: node-modules in .yarnrc.yml, as Expo asks for`;
}

async function findPnpmHooks(read: ReadText): Promise<string | undefined> {
  for (const hooks of ['.pnpmfile.cjs', '.pnpmfile.mjs', 'pnpmfile.js'])
    if ((await read(hooks)) !== undefined) return `${hooks} is code that decides what pnpm installs, and is not run`;
  const settings = settingsIn((await read('pnpm-workspace.yaml')) ?? '', 'pnpm-workspace.yaml');
  for (const key of ['pnpmfile', 'globalPnpmfile', 'configDependencies'])
    if (settings[key] !== undefined)
      return `${key} in pnpm-workspace.yaml is code that decides what pnpm installs, and is not run`;
  if (/^(?:global-)?pnpmfile\s*=/m.test((await read('.npmrc')) ?? ''))
    return 'pnpmfile in .npmrc is code that decides what pnpm installs, and is not run';
  return undefined;
}

/** The settings of a YAML file; throws `validation_failed` when it is none. */
export function settingsIn(text: string, path: string): Record<string, unknown> {
  try {
    return fieldsOf(parse(text));
  } catch (cause) {
    throw new GraftError('validation_failed', `${path} is no YAML: repair it, then retry.`, { cause });
  }
}
