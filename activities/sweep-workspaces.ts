import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import { removeStaleScratch } from '../pipeline/scratch.ts';
import { removeStaleWorkspaces } from '../pipeline/workspace.ts';

/** Longer than a run of the pipeline may take. */
const staleMs = 60 * 60 * 1000;

/**
 * Removes what runs that were killed left behind: workspaces that no later run of the same installation came by, and
 * temporary folders. At once and every hour. Runs until the signal; what fails is logged and tried again.
 */
export async function sweepWorkspaces(workspaces: string, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const stale = new Date(Date.now() - staleMs);
      const removed = (await removeStaleWorkspaces(workspaces, stale)) + (await removeStaleScratch(stale));
      if (removed > 0) log.info({ removed }, 'removed workspaces that were left over');
    } catch (error) {
      log.warn({ error }, 'left-over workspaces could not be removed; trying again in an hour');
    }
    await setTimeout(staleMs, undefined, { signal }).catch(() => undefined);
  }
}
