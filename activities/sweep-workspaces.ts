import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import { removeStaleWorkspaces } from '../pipeline/workspace.ts';

/** Longer than a run of the pipeline may take. */
const staleMs = 60 * 60 * 1000;

/**
 * Removes workspaces of runs that were killed and that no later run of the same installation came by, at once and every
 * hour. Runs until the signal; what fails is logged and tried again.
 */
export async function sweepWorkspaces(workspaces: string, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const removed = await removeStaleWorkspaces(workspaces, new Date(Date.now() - staleMs));
      if (removed > 0) log.info({ removed }, 'removed workspaces that were left over');
    } catch (error) {
      log.warn({ error }, 'left-over workspaces could not be removed; trying again in an hour');
    }
    await setTimeout(staleMs, undefined, { signal }).catch(() => undefined);
  }
}
