import { existsSync, readFileSync, rmSync } from 'node:fs';
import { GraftError } from '../../contract/errors.ts';
import { commandLineOf, isAlive } from '../lock.mjs';

/**
 * Waits until the server that a file names by its process id has ended: one whose parent was killed needs a moment. A file
 * that it left behind may name a stranger's process, whose command line does not hold `mark`. Throws `unavailable` when it
 * goes on running.
 */
export async function waitForEarlierServer(pidFile: string, server: string, mark: string): Promise<void> {
  for (let tries = 0; existsSync(pidFile); tries++) {
    const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
    if (!isAlive(pid) || !commandLineOf(pid).includes(mark)) return rmSync(pidFile, { force: true });
    if (tries > 200) {
      const message = `Another ${server} (process ${pid}) runs on ${mark}. Stop the command that started it.`;
      throw new GraftError('unavailable', message);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
