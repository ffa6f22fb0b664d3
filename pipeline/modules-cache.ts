import { createHash, randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyTree, linkTree, removeTree } from './workspace.ts';

/** Installed trees kept per project. */
const kept = 3;

/** Names an installed tree by everything that decides what is in it. */
export function modulesKey(digestParts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of [process.version, process.platform, process.arch, ...digestParts])
    hash.update(`${Buffer.byteLength(part)}\n`).update(part);
  return hash.digest('hex');
}

/** Links the `node_modules` folders kept under a key into `folder`; false when there are none. */
export async function takeModules(cache: string, key: string, folder: string): Promise<boolean> {
  const entry = join(cache, key);
  if ((await stat(entry).catch(() => undefined)) === undefined) return false;
  await linkModules(entry, folder);
  await utimes(entry, new Date(), new Date());
  return true;
}

/** Links the newest kept tree of this project into `folder`, for npm to change into another; false when there is none. */
export async function seedModules(cache: string, folder: string): Promise<boolean> {
  const [newest] = await entriesByAge(cache);
  if (newest === undefined) return false;
  await linkModules(join(cache, newest), folder);
  for (const modules of await findModules(folder)) await detach(join(folder, modules, '.package-lock.json'));
  return true;
}

/** Keeps the `node_modules` folders of an install under its key, and only the newest few. */
export async function keepModules(cache: string, key: string, folder: string): Promise<void> {
  const part = join(cache, `.${randomUUID()}`);
  await mkdir(part);
  await linkModules(folder, part);
  await rename(part, join(cache, key)).catch(async (error: NodeJS.ErrnoException) => {
    // Another run of the project kept the same tree first.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    await removeTree(part);
  });
  for (const old of (await entriesByAge(cache)).slice(kept)) await removeTree(join(cache, old));
}

/** Links every `node_modules` below `from` to the same place below `to`. */
export async function linkModules(from: string, to: string): Promise<void> {
  for (const modules of await findModules(from)) {
    const target = join(to, modules);
    await rm(target, { recursive: true, force: true });
    await mkdir(dirname(target), { recursive: true });
    await linkTree(join(from, modules), target);
  }
}

/** Paths of the `node_modules` folders below a folder, those inside others left out. */
export async function findModules(root: string, folder = ''): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    if (entry.name === 'node_modules') paths.push(path);
    else paths.push(...(await findModules(root, path)));
  }
  return paths;
}

/** npm writes this file in place, and through a hard link it would write into the kept tree. */
async function detach(file: string): Promise<void> {
  if ((await lstat(file).catch(() => undefined)) === undefined) return;
  await copyTree(file, `${file}.own`);
  await rename(`${file}.own`, file);
}

async function entriesByAge(cache: string): Promise<string[]> {
  const names = (await readdir(cache)).filter((name) => !name.startsWith('.'));
  const aged = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(cache, name))).mtimeMs })));
  return aged.sort((left, right) => right.at - left.at).map(({ name }) => name);
}
