import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { chooseManager } from '../../pipeline/choose-manager.ts';
import { getManager } from '../../pipeline/get-manager.ts';
import { type ManagerKind, managerCommands } from '../../pipeline/manager-commands.ts';
import { type ManagerContext, runManager } from '../../pipeline/run-manager.ts';
import { detectSandbox } from '../../pipeline/sandbox.ts';
import { ask } from './ask.ts';

/** Packages that exist nowhere else: an app has `framework` and `tool`, and a plan brings `sdk`. */
export const madeUpPackages = [
  { manifest: { name: 'framework', version: '1.0.0', dependencies: { shared: '^1.0.0' } } },
  { manifest: { name: 'shared', version: '1.4.0' } },
  { manifest: { name: 'shared', version: '2.0.0' } },
  { manifest: { name: 'tool', version: '1.0.0', dependencies: { shared: '^1.0.0' } } },
  { manifest: { name: 'tool', version: '1.0.1', dependencies: { shared: '^1.0.0' } } },
  { manifest: { name: '@sdk/core', version: '2.1.0' } },
  {
    manifest: {
      name: 'sdk',
      version: '2.0.0',
      dependencies: { '@sdk/core': '^2.0.0', shared: '^2.0.0' },
      peerDependencies: { framework: '*' },
    },
    files: { 'index.js': 'module.exports = 1;\n' },
  },
];

export const lockNames: Readonly<Record<ManagerKind, string>> = {
  npm: 'package-lock.json',
  pnpm: 'pnpm-lock.yaml',
  yarn1: 'yarn.lock',
  yarn: 'yarn.lock',
  bun: 'bun.lock',
};

/** What an app needs beside its manifests to be one of this manager. */
export function settingsFor(kind: ManagerKind): Record<string, string> {
  return kind === 'yarn' ? { '.yarnrc.yml': 'nodeLinker: node-modules\n' } : {};
}

/** A folder that holds package managers, got once for the whole test run, as `workspaces` of a pipeline. */
export async function managersFolder(): Promise<string> {
  const { folder } = await ask<{ folder: string }>('/package-managers');
  return folder;
}

/** Lets the manager itself write the lock file of some files, in the version that is taken when the app pins none; `downloads` is kept for more. */
export async function writeLock(
  kind: ManagerKind,
  files: Record<string, string>,
  where: { managers: string; registry: string; downloads?: string },
): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'graft-lock-')));
  try {
    const app = join(folder, 'app');
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(app, path)), { recursive: true });
      await writeFile(join(app, path), text);
    }
    const downloads = where.downloads ?? join(folder, 'cache');
    await mkdir(downloads, { recursive: true });
    const context = await contextIn(downloads, where.managers);
    const tool = await getManager(chosen(kind, files['package.json'] ?? ''), {
      ...context,
      registry: await publicRegistry(),
    });
    const ending = await runManager(tool, app, managerCommands[kind].writeLock(''), {
      ...context,
      registry: where.registry,
    });
    if (ending.exitCode !== 0) throw new Error(`${kind} wrote no lock file: ${ending.output}`);
    return await readFile(join(app, lockNames[kind]), 'utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function contextIn(npmCache: string, managers: string): Promise<Omit<ManagerContext, 'registry'>> {
  const workspace = { npmCache, managers };
  const signal = new AbortController().signal;
  return { sandbox: await detectSandbox('auto'), workspace, registryHosts: [], signal };
}

/** What the app pins, else the default for a lock file of the newest format. */
function chosen(kind: ManagerKind, manifest: string) {
  const lock = 'lockfileVersion: \'9.0\'\n__metadata:\n  version: 10\n"configVersion"';
  const { packageManager } = JSON.parse(manifest) as { packageManager?: string };
  const choice = chooseManager(kind, { lock, packageManager, yarnPath: undefined });
  if (choice.kind === 'unsupported') throw new Error(choice.why);
  return choice.manager;
}

/** The registry that this machine's npm uses: where the package managers themselves come from. */
export async function publicRegistry(): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'registry']);
  return stdout.trim();
}
