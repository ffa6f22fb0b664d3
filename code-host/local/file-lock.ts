import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { GraftError } from '../../contract/errors.ts';
import { absent } from '../absent.ts';

const patienceMilliseconds = 15_000;
// Holders need milliseconds; one this old has died.
const staleMilliseconds = 10_000;

/**
 * Runs `work` while no other process holds the lock file. `work` gets a check that it still holds it, to be made right
 * before what cannot be taken back. Throws `unavailable` when the lock is not free within 15 seconds.
 */
export async function withFileLock<Result>(
  file: string,
  work: (checkHeld: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const token = randomUUID();
  const giveUpAt = Date.now() + patienceMilliseconds;
  while (!(await take(file, token))) {
    await removeStale(file);
    if (Date.now() > giveUpAt) throw busy();
    await pause(5 + Math.random() * 20);
  }
  const isHeld = async (): Promise<boolean> => (await readFile(file, 'utf8').catch(absent)) === token;
  try {
    return await work(async () => {
      if (!(await isHeld())) throw busy();
    });
  } finally {
    if (await isHeld()) await rm(file, { force: true });
  }
}

async function take(file: string, token: string): Promise<boolean> {
  try {
    await writeFile(file, token, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeStale(file: string): Promise<void> {
  const found = await stat(file).catch(absent);
  if (found === undefined || Date.now() - found.mtimeMs < staleMilliseconds) return;
  const aside = `${file}.${randomUUID()}`;
  const moved = await rename(file, aside).then(() => stat(aside), absent);
  // Another may have taken a fresh lock between the look and the move: it gets it back.
  if (moved !== undefined && moved.ino !== found.ino) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

function busy(): GraftError {
  return new GraftError('unavailable', 'The published values are being written by somebody else; try again.', {
    retryAfterSeconds: 5,
  });
}
