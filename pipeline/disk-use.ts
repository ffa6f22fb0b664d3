import { readdir, lstat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

export interface DiskWatch {
  writable: readonly string[];
  readOnly: readonly string[];
  freeBytes: number | undefined;
}

/** Below this much free space a command is stopped, whoever filled the disk. */
const reserveBytes = 268_435_456;

/** Starts to watch the disk under some writable folders. */
export async function watchDisk(writable: readonly string[], readOnly: readonly string[]): Promise<DiskWatch> {
  return { writable, readOnly, freeBytes: await freeBytes(writable[0]) };
}

/** Do the writable folders hold more than this many bytes? They are only counted when that much free space went. */
export async function isDiskSpent(watch: DiskWatch, limitBytes: number): Promise<boolean> {
  const free = await freeBytes(watch.writable[0]);
  if (free === undefined || watch.freeBytes === undefined) return false;
  if (free < reserveBytes) return true;
  if (watch.freeBytes - free < limitBytes) return false;
  watch.freeBytes = free;
  let bytes = 0;
  for (const folder of watch.writable) bytes += await folderBytes(folder, watch.readOnly);
  return bytes >= limitBytes;
}

async function freeBytes(folder: string | undefined): Promise<number | undefined> {
  if (folder === undefined) return undefined;
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Bytes that a folder's files take on disk, links not followed, some paths left out. */
export async function folderBytes(folder: string, except: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (except.includes(path)) continue;
    if (entry.isDirectory()) bytes += await folderBytes(path, except);
    else
      bytes += await lstat(path).then(
        (file) => file.blocks * 512,
        () => 0,
      );
  }
  return bytes;
}
