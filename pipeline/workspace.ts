import { execFile } from 'node:child_process';
import type { Stats } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GraftError } from '../contract/errors.ts';
import { folderBytes } from './disk-use.ts';

const run = promisify(execFile);
const programs = { env: { PATH: '/usr/bin:/bin' } };

/** Where one run works, and the folders its project keeps between runs. */
export interface Workspace {
  folder: string;
  /** Download caches of the package managers. */
  npmCache: string;
  /** TMPDIR of builds: Metro keeps its cache there, and is cold without it. */
  buildCache: string;
  /** Installed `node_modules` by content of the lock file. */
  modulesCache: string;
  /** Package managers by version, for all projects; no project's code sees it writable. */
  managers: string;
  remove(): Promise<void>;
}

/** Folder of the download caches that is the TMPDIR of package managers, which empty it themselves unless they are killed. */
export const temporaryName = 'tmp';

/** A build cache larger than this is begun again. */
const buildCacheBytes = 1_073_741_824;

/**
 * Makes a fresh folder named for the installation under `<root>/runs`, and the project's caches under `<root>/caches`. What
 * an earlier run of the same installation left goes: no two of them run at once, so that one was killed or given up.
 */
export async function createWorkspace(root: string, project: string, installation: string): Promise<Workspace> {
  for (const name of [project, installation])
    if (!/^[\w-]+$/.test(name)) throw new GraftError('internal', `${JSON.stringify(name)} cannot name a folder.`);
  const caches = join(root, 'caches', project);
  const [npmCache, buildCache, modulesCache] = ['npm', 'build', 'modules'].map((name) => join(caches, name)) as [
    string,
    string,
    string,
  ];
  const runs = join(root, 'runs');
  await mkdir(runs, { recursive: true });
  for (const name of await readdir(runs)) if (name.startsWith(`${installation}-`)) await removeTree(join(runs, name));
  if ((await folderBytes(buildCache, [])) > buildCacheBytes) await rm(buildCache, { recursive: true });
  const managers = join(root, 'managers');
  for (const folder of [npmCache, buildCache, modulesCache, managers]) await mkdir(folder, { recursive: true });
  const folder = await realpath(await mkdtemp(join(runs, `${installation}-`)));
  return {
    folder,
    npmCache: await realpath(npmCache),
    buildCache: await realpath(buildCache),
    modulesCache: await realpath(modulesCache),
    managers: await realpath(managers),
    remove: () => removeTree(folder),
  };
}

/** Removes workspaces, and what package managers unpacked, that a killed worker left behind, untouched since `olderThan`; gives their number. */
export async function removeStaleWorkspaces(root: string, olderThan: Date): Promise<number> {
  const caches = join(root, 'caches');
  const unpacked = (await namesIn(caches)).map((project) => join(caches, project, 'npm', temporaryName));
  let removed = 0;
  for (const folder of [join(root, 'runs'), ...unpacked])
    removed += await removeStale(folder, await namesIn(folder), olderThan);
  return removed;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Removes those of a folder's entries that are untouched since `olderThan`, and ours; gives their number. */
export async function removeStale(
  folder: string,
  names: readonly string[],
  olderThan: Date,
  isOurs: (found: Stats) => boolean = () => true,
): Promise<number> {
  let removed = 0;
  for (const path of names.map((name) => join(folder, name))) {
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined || !isOurs(found) || found.mtime >= olderThan) continue;
    await removeTree(path);
    removed += 1;
  }
  return removed;
}

/** Copies a tree by hard links: 0.2 s for the 340 MB of an Expo app. Whoever may write to it must not see the copy writable. */
export async function linkTree(from: string, to: string): Promise<void> {
  await run('cp', ['-al', '--', from, to], programs);
}

/** Copies a tree with files of its own. */
export async function copyTree(from: string, to: string): Promise<void> {
  await run('cp', ['-a', '--', from, to], programs);
}

/** Removes a tree, folders that project code closed included. */
export async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    // Not as root, a folder without permissions stops the removal: open all of them, then a failure counts.
    await run('chmod', ['-R', 'u+rwX', '--', folder], programs);
    await rm(folder, { recursive: true, force: true });
  }
}
