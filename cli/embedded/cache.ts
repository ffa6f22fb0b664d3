import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../lock.mjs';

/** Tells a person what is going on, one line at a time. */
export type Say = (line: string) => void;

/** The person's folder for servers that were fetched or built once, shared by all checkouts; made when missing. */
export function cacheFolder(): string {
  const folder = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'graft');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Runs work that fills one entry of the cache, in one process at a time. */
export async function fillCache<T>(entry: string, say: Say, work: () => Promise<T>): Promise<T> {
  const waiting = (pid: number) => say(`Waiting for process ${pid}, which is preparing ${entry}.`);
  return withLock(join(cacheFolder(), `${entry}.lock`), waiting, work);
}
