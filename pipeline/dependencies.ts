import { lstat, mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import type { PackageManager } from '../contract/closed-sets.ts';
import type { StepReport } from '../contract/pipeline.ts';
import { copyManifests } from './manifests.ts';
import { findModules, keepModules, linkModules, modulesKey, seedModules, takeModules } from './modules-cache.ts';
import { npmVersion, publicRegistry, runNpm } from './npm.ts';
import type { SandboxKind } from './sandbox.ts';
import type { Hosts } from './specifier.ts';
import type { Ending } from './supervise.ts';
import type { Workspace } from './workspace.ts';

export interface DependencyContext {
  sandbox: SandboxKind;
  workspace: Workspace;
  registry: string;
  signal: AbortSignal;
}

export interface DependencyRequest {
  packageManager: PackageManager;
  /** Unpacked trees; dependencies are installed for `tree`. */
  tree: string;
  base: string;
  appDir: string;
  /** From the root of the tree, empty without one. */
  lockFile: string;
  /** The package manager writes the lock file of `tree` again. */
  changesLock: boolean;
}

export interface Installed extends Pick<StepReport, 'verdict' | 'baseline' | 'summary'> {
  log: string;
  /** Nothing was run, because of what a manifest or the lock file asks for. */
  refused?: boolean;
  /** The untouched base fails in the same way. */
  baseBroken?: boolean;
  /** The lock file as it was written for `tree`, when it was asked for. */
  lock?: Uint8Array;
  roundTrip?: boolean;
}

const lockBytes = 33_554_432;
const lockOnly = ['install', '--package-lock-only'];

/**
 * Installs the dependencies of a tree into its `node_modules` folders, from a copy that holds only manifests. Where the
 * plan changes the lock file, npm writes it first, and once more on the way back to the base, to compare.
 */
export async function installDependencies(request: DependencyRequest, context: DependencyContext): Promise<Installed> {
  const { packageManager, lockFile, tree } = request;
  if (packageManager !== 'npm' && packageManager !== 'none')
    return {
      verdict: 'inconclusive',
      summary: `${packageManager} is not supported yet, so nothing was installed and nothing was built.`,
      log: '',
    };
  const root = lockFile === '' ? request.appDir : dirnameOf(lockFile);
  const lockName = posix.basename(lockFile);
  const hosts: Hosts = new Set([new URL(context.registry).host, publicRegistry]);
  const folder = await freshFolder(context.workspace, 'install');
  const copy = await copyManifests(join(tree, root), folder, lockName, hosts);
  if (copy.kind === 'refused')
    return { verdict: 'failed', summary: `Not installed: ${copy.lines[0]}`, refused: true, log: copy.lines.join('\n') };
  const npm = (at: string, flags: readonly string[]): Promise<Ending> =>
    runNpm(
      {
        sandbox: context.sandbox,
        folder: at,
        cache: context.workspace.npmCache,
        registry: context.registry,
        arguments: flags,
      },
      context.signal,
    );

  if (lockName === '') return installWithoutLock();
  const before = await readFile(join(folder, lockName));
  const style = lockStyle(before);
  const logs: string[] = [];
  let digestParts = copy.digestParts;
  let written: Uint8Array | undefined;
  let roundTrip: Promise<boolean> | undefined;
  if (request.changesLock) {
    const writing = await npm(folder, [...lockOnly, ...style]);
    logs.push(describe([...lockOnly, ...style], writing));
    if (!succeeded(writing)) return failed('npm install --package-lock-only', writing, logs);
    written = await readLock(folder, lockName);
    if (written === undefined)
      return { verdict: 'failed', summary: `npm left no ${lockName} of an acceptable size.`, log: logs.join('\n') };
    await writeFile(join(tree, lockFile), written);
    digestParts = [...digestParts, Buffer.from(written).toString('utf8')];
    roundTrip = wayBack(written);
  }
  const [install, back] = await Promise.all([installLocked(), roundTrip]);
  if (install !== undefined) return { ...install, lock: written, roundTrip: back };
  const changed = written !== undefined && !before.equals(written);
  return {
    verdict: 'passed',
    summary:
      written === undefined
        ? `npm ${npmVersion} installed what ${lockName} says`
        : `npm ${npmVersion} ${changed ? 'wrote' : 'left'} ${lockName} and installed it; the way back gives ${back === true ? 'the same bytes' : 'other bytes'}`,
    log: logs.join('\n'),
    lock: written,
    roundTrip: back,
  };

  async function installLocked(): Promise<Installed | undefined> {
    const key = modulesKey(digestParts);
    if (await takeModules(context.workspace.modulesCache, key, folder))
      logs.push('node_modules of the same lock file were kept from an earlier run.');
    else {
      // `npm ci` checks that lock and manifests agree: known of a lock that npm just wrote, and not asked of the base.
      const agrees = written !== undefined || tree === request.base;
      const seeded = agrees && (await seedModules(context.workspace.modulesCache, folder));
      const flags = seeded ? ['install', '--no-save', ...style] : ['ci'];
      const ending = await npm(folder, [...flags, '--prefer-offline']);
      logs.push(describe(flags, ending));
      if (!succeeded(ending)) return failed(`npm ${flags[0]}`, ending, logs);
      await keepModules(context.workspace.modulesCache, key, folder);
    }
    await linkModules(folder, join(tree, root));
    return undefined;
  }

  async function wayBack(lock: Uint8Array): Promise<boolean> {
    const back = await freshFolder(context.workspace, 'back');
    const source = await copyManifests(join(request.base, root), back, lockName, hosts);
    if (source.kind === 'refused') return false;
    const expected = await readFile(join(back, lockName));
    await writeFile(join(back, lockName), lock);
    const ending = await npm(back, [...lockOnly, ...style]);
    logs.push(describe(['(way back)', ...lockOnly, ...style], ending));
    return succeeded(ending) && expected.equals((await readLock(back, lockName)) ?? Buffer.alloc(0));
  }

  async function installWithoutLock(): Promise<Installed> {
    const flags = ['install', '--no-package-lock'];
    const ending = await npm(folder, flags);
    if (!succeeded(ending)) return failed('npm install --no-package-lock', ending, [describe(flags, ending)]);
    await linkModules(folder, join(tree, root));
    return {
      verdict: 'passed',
      summary: `npm ${npmVersion} installed the newest versions that fit: the app has no lock file, and gets none`,
      log: describe(flags, ending),
    };
  }
}

/** Are there `node_modules` at all? An app may have nothing to install. */
export async function modulesOf(tree: string): Promise<string[]> {
  return (await findModules(tree)).map((path) => join(tree, path));
}

function failed(command: string, ending: Ending, logs: readonly string[]): Installed {
  const said = /^npm error (?!code )(.+)$/m.exec(ending.output)?.[1];
  const why = ending.ended === 'exit' ? (said ?? `exit ${ending.exitCode}`) : `stopped: limit of ${ending.ended}`;
  return { verdict: 'failed', summary: `${command}: ${why}`, log: logs.join('\n') };
}

function succeeded(ending: Ending): boolean {
  return ending.ended === 'exit' && ending.exitCode === 0;
}

function describe(flags: readonly string[], ending: Ending): string {
  return `$ npm ${flags.join(' ')}\n${ending.output}\n(${ending.seconds.toFixed(1)} s, exit ${ending.exitCode})`;
}

function dirnameOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
}

async function freshFolder(workspace: Workspace, name: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const folder = join(workspace.folder, `${name}-${number}`);
    if ((await mkdir(folder, { recursive: true })) !== undefined) return folder;
  }
}

/** A lock file without any `resolved` was written by people who asked npm for that: it must come back so. */
function lockStyle(lock: Uint8Array): string[] {
  const text = Buffer.from(lock).toString('utf8');
  const omits = !/"resolved":\s*"https?:/.test(text);
  return omits && text.includes('"integrity"') ? ['--omit-lockfile-registry-resolved'] : [];
}

/** The only file that comes back from the step: at its path, a regular one, of a sane size. */
async function readLock(folder: string, name: string): Promise<Buffer | undefined> {
  const path = join(folder, name);
  if ((await realpath(dirname(path))) !== dirname(path)) return undefined;
  const file = await lstat(path).catch(() => undefined);
  if (file === undefined || !file.isFile() || file.size > lockBytes) return undefined;
  return readFile(path);
}
