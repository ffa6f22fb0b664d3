import { lstat, mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import type { PackageManager } from '../contract/closed-sets.ts';
import type { StepReport } from '../contract/pipeline.ts';
import { type ManagerChoice, chooseManager } from './choose-manager.ts';
import { getManager } from './get-manager.ts';
import { parseFields } from './json-fields.ts';
import { leadBack, leadToRegistry } from './lock-addresses.ts';
import { managerCommands, npmLockStyle } from './manager-commands.ts';
import { copyManifests } from './manifests.ts';
import { findModules, keepModules, linkModules, modulesKey, seedModules, takeModules } from './modules-cache.ts';
import { type ManagerContext, runManager } from './run-manager.ts';
import type { SandboxEnding } from './sandbox.ts';
import { type Hosts, publicRegistries } from './specifier.ts';
import { findUnsupported, settingsIn } from './unsupported.ts';
import type { Workspace } from './workspace.ts';

export interface DependencyContext extends ManagerContext {
  workspace: Workspace;
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

/**
 * Installs the dependencies of a tree into its `node_modules` folders, from a copy that holds only manifests, by the app's
 * own package manager. Where the plan changes the lock file, that writes it first, and once more on the way back to the
 * base, to compare. Throws what `getManager` throws.
 */
export async function installDependencies(request: DependencyRequest, context: DependencyContext): Promise<Installed> {
  const { packageManager, lockFile, tree } = request;
  const root = lockFile === '' ? request.appDir : dirnameOf(lockFile);
  const lockName = posix.basename(lockFile);
  const choice = await chooseFor(packageManager, join(tree, root), lockName);
  if (choice.kind === 'unsupported')
    return { verdict: 'inconclusive', summary: `Nothing was installed or built: ${choice.why}.`, log: '' };
  const { kind } = choice.manager;
  const commands = managerCommands[kind];
  const { registry, workspace } = context;
  const hosts: Hosts = new Set([new URL(registry).host, ...context.registryHosts, ...publicRegistries]);
  const copyTo = (from: string, to: string) =>
    copyManifests({ from: join(from, root), to, packageManager, lockName, hosts });
  const folder = await freshFolder(workspace, 'install');
  const copy = await copyTo(tree, folder);
  if (copy.kind === 'refused')
    return { verdict: 'failed', summary: `Not installed: ${copy.lines[0]}`, refused: true, log: copy.lines.join('\n') };
  const tool = await getManager(choice.manager, context);
  const name = kind === 'yarn1' ? 'yarn' : kind;
  const title = `${name} ${tool.version}`;
  const run = (at: string, flags: readonly string[]) => runManager(tool, at, flags, context);

  const logs: string[] = [];

  if (lockName === '') return installWithoutLock();
  const before = await readFile(join(folder, lockName), 'utf8');
  await writeFile(join(folder, lockName), leadToRegistry(kind, before, registry));
  const writeFlags = commands.writeLock(before);
  let digestParts = [title, ...copy.digestParts];
  let written: string | undefined;
  let roundTrip: Promise<boolean> | undefined;
  if (request.changesLock) {
    const writing = await run(folder, writeFlags);
    logs.push(describe(writeFlags, writing));
    if (!succeeded(writing)) return failed(writeFlags, writing);
    const raw = await readLock(folder, lockName);
    if (raw === undefined)
      return { verdict: 'failed', summary: `${name} left no ${lockName} of an acceptable size.`, log: logs.join('\n') };
    written = leadBack(kind, raw, before, registry);
    await writeFile(join(tree, lockFile), written);
    digestParts = [...digestParts, written];
    roundTrip = wayBack(raw);
  }
  const [install, back] = await Promise.all([installLocked(), roundTrip]);
  const lock = written === undefined ? undefined : Buffer.from(written);
  if (install !== undefined) return { ...install, lock, roundTrip: back };
  return {
    verdict: 'passed',
    summary:
      written === undefined
        ? `${title} installed what ${lockName} says`
        : `${title} ${written === before ? 'left' : 'wrote'} ${lockName} and installed it; the way back gives ${back === true ? 'the same bytes' : 'other bytes'}`,
    log: logs.join('\n'),
    lock,
    roundTrip: back,
  };

  async function installLocked(): Promise<Installed | undefined> {
    const key = modulesKey(digestParts);
    if (await takeModules(workspace.modulesCache, key, folder))
      logs.push('node_modules of the same lock file were kept from an earlier run.');
    else {
      // `npm ci` checks that lock and manifests agree: known of a lock that npm just wrote, and not asked of the base.
      const agrees = written !== undefined || tree === request.base;
      const seeded = kind === 'npm' && agrees && (await seedModules(workspace.modulesCache, folder));
      const flags = seeded ? ['install', '--no-save', ...npmLockStyle(before)] : commands.install;
      const ending = await run(folder, kind === 'npm' ? [...flags, '--prefer-offline'] : flags);
      logs.push(describe(flags, ending));
      if (!succeeded(ending)) return failed(flags, ending);
      await keepModules(workspace.modulesCache, key, folder);
    }
    await linkModules(folder, join(tree, root));
    return undefined;
  }

  async function wayBack(lock: string): Promise<boolean> {
    const back = await freshFolder(workspace, 'back');
    const source = await copyTo(request.base, back);
    if (source.kind === 'refused') return false;
    const expected = await readFile(join(back, lockName), 'utf8');
    await writeFile(join(back, lockName), lock);
    const ending = await run(back, writeFlags);
    logs.push(describe(['(way back)', ...writeFlags], ending));
    const found = await readLock(back, lockName);
    return succeeded(ending) && found !== undefined && leadBack(kind, found, expected, registry) === expected;
  }

  async function installWithoutLock(): Promise<Installed> {
    const flags = ['install', '--no-package-lock'];
    const ending = await run(folder, flags);
    logs.push(describe(flags, ending));
    if (!succeeded(ending)) return failed(flags, ending);
    await linkModules(folder, join(tree, root));
    return {
      verdict: 'passed',
      summary: `${title} installed the newest versions that fit: the app has no lock file, and gets none`,
      log: logs.join('\n'),
    };
  }

  function describe(flags: readonly string[], ending: SandboxEnding): string {
    const refused = ending.refusedHosts
      .map((host) => `\n(refused: ${host}, which the operator does not name)`)
      .join('');
    return `$ ${name} ${flags.join(' ')}\n${ending.output}${refused}\n(${ending.seconds.toFixed(1)} s, exit ${ending.exitCode})`;
  }

  function failed(flags: readonly string[], ending: SandboxEnding): Installed {
    const [host] = ending.refusedHosts;
    const said = commands.said.exec(ending.output)?.[1];
    const why = ending.ended === 'exit' ? (said ?? `exit ${ending.exitCode}`) : `stopped: limit of ${ending.ended}`;
    const reached = host === undefined ? why : `${host} was refused, as the operator does not name it (${why})`;
    const shown = flags.filter((flag) => /^\w|lock/.test(flag)).join(' ');
    return { verdict: 'failed', summary: `${name} ${shown}: ${reached}`, log: logs.join('\n') };
  }
}

/** Are there `node_modules` at all? An app may have nothing to install. */
export async function modulesOf(tree: string): Promise<string[]> {
  return (await findModules(tree)).map((path) => join(tree, path));
}

async function chooseFor(packageManager: PackageManager, folder: string, lockName: string): Promise<ManagerChoice> {
  const kind = packageManager === 'none' ? 'npm' : packageManager;
  const read = (path: string) => readFile(join(folder, path), 'utf8').catch(() => undefined);
  const why = await findUnsupported(kind, lockName, read);
  if (why !== undefined) return { kind: 'unsupported', why };
  const { yarnPath } = settingsIn(kind === 'yarn' ? ((await read('.yarnrc.yml')) ?? '') : '', '.yarnrc.yml');
  return chooseManager(kind, {
    lock: lockName === '' ? '' : ((await read(lockName)) ?? ''),
    packageManager: parseFields((await read('package.json')) ?? '')?.['packageManager'],
    yarnPath: typeof yarnPath === 'string' ? yarnPath : undefined,
  });
}

function succeeded(ending: SandboxEnding): boolean {
  return ending.ended === 'exit' && ending.exitCode === 0;
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

/** The only file that comes back from the step: at its path, a regular one, of a sane size. */
async function readLock(folder: string, name: string): Promise<string | undefined> {
  const path = join(folder, name);
  if ((await realpath(dirname(path))) !== dirname(path)) return undefined;
  const file = await lstat(path).catch(() => undefined);
  if (file === undefined || !file.isFile() || file.size > lockBytes) return undefined;
  return readFile(path, 'utf8');
}
