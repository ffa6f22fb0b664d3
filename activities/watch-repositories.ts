import { setTimeout } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { CodeHostKind } from '../contract/closed-sets.ts';
import type { CodeHost } from '../contract/code-host.ts';
import { messages } from '../contract/workflows.ts';
import type { Database } from '../db/connect.ts';
import { type WatchedPullRequest, listWatched } from '../db/queries/operations.ts';

export interface Watching {
  database: Database;
  client: Client;
  codeHost: CodeHostKind;
  host: CodeHost;
  everySeconds: number;
  log: Logger;
  signal: AbortSignal;
}

/**
 * Looks at the repositories of a code host that have open pull requests, again and again, and tells their workflows that
 * something moved, never what. Runs until the signal; what fails is logged and tried again.
 */
export async function watchRepositories(watching: Watching): Promise<void> {
  const { database, client, codeHost, host, everySeconds, log, signal } = watching;
  // Installation and what its repository looked like when its workflow was told last.
  const told = new Map<string, string>();

  while (!signal.aborted) {
    try {
      const watched = await listWatched(database, { codeHost });
      for (const [repository, ours] of Map.groupBy(watched, (one) => one.repository)) await look(repository, ours);
      const open = new Set(watched.map(({ installation }) => installation));
      for (const installation of told.keys()) if (!open.has(installation)) told.delete(installation);
    } catch (error) {
      log.warn({ error }, 'watching repositories failed; trying again');
    }
    await setTimeout(everySeconds * 1000, undefined, { signal }).catch(() => undefined);
  }

  async function look(repository: string, pullRequests: readonly WatchedPullRequest[]): Promise<void> {
    try {
      const news = await host.readNews(repository);
      for (const one of pullRequests) if (told.get(one.installation) !== news) await tell(one, news);
    } catch (error) {
      log.warn({ repository, error }, 'a repository with open pull requests could not be looked at');
    }
  }

  async function tell({ installation, workflowId }: WatchedPullRequest, news: string): Promise<void> {
    try {
      await client.workflow.getHandle(workflowId).signal(messages.repositoryChanged);
      told.set(installation, news);
    } catch (error) {
      log.warn({ installation, workflowId, error }, 'the workflow of an open pull request was not told');
    }
  }
}
