import { setTimeout } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { readRefs } from '../code-host/local-refs.ts';
import { messages } from '../contract/workflows.ts';
import type { Database } from '../db/connect.ts';
import { type WatchedPullRequest, listWatched } from '../db/queries/operations.ts';

const everyMs = 1000;

export interface Watching {
  database: Database;
  client: Client;
  /** Root of the local code host's repositories. */
  repositories: string;
  log: Logger;
  signal: AbortSignal;
}

/**
 * Watches the refs of local repositories with open pull requests, once a second, and tells their workflows that
 * something moved, never what. Runs until the signal; what fails is logged and tried again.
 */
export async function watchRepositories({ database, client, repositories, log, signal }: Watching): Promise<void> {
  // Installation and its repository's refs when its workflow was told last.
  const told = new Map<string, string>();

  while (!signal.aborted) {
    try {
      const watched = await listWatched(database, { codeHost: 'local' });
      for (const pullRequest of watched) await look(pullRequest);
      const open = new Set(watched.map(({ installation }) => installation));
      for (const installation of told.keys()) if (!open.has(installation)) told.delete(installation);
    } catch (error) {
      log.warn({ error }, 'watching repositories failed; trying again');
    }
    await setTimeout(everyMs, undefined, { signal }).catch(() => undefined);
  }

  async function look({ installation, workflowId, repository }: WatchedPullRequest): Promise<void> {
    try {
      const refs = await readRefs(repositories, repository);
      if (told.get(installation) === refs) return;
      await client.workflow.getHandle(workflowId).signal(messages.repositoryChanged);
      told.set(installation, refs);
    } catch (error) {
      log.warn({ installation, workflowId, repository, error }, 'the workflow of an open pull request was not told');
    }
  }
}
