import { setTimeout as pause } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Logger } from 'pino';
import type { CodeOperation } from '../contract/activities.ts';
import { branchName, operationOfBranch, workflowId } from '../contract/ids.ts';
import { type WorkflowName, messages, taskQueues } from '../contract/workflows.ts';
import { type Database, listen } from '../db/connect.ts';
import { deliveriesChannel, markHandled, takeDeliveries } from '../db/queries/deliveries.ts';
import { type WatchedPullRequest, listWatched } from '../db/queries/operations.ts';
import { findEndedOperation } from '../db/queries/pull-requests.ts';
import type { Delivery } from '../db/schema/deliveries.ts';

const pollMs = 1000;
/** A push comes as several deliveries: for so long they are gathered, so that a workflow is told once. */
const gatherMs = 200;
const batchSize = 500;
const answerMs = 5000;
const codeHost = 'github';

export interface Dispatching {
  database: Database;
  client: Client;
  log: Logger;
  signal: AbortSignal;
}

/**
 * Tells the workflows that stored deliveries matter to that something moved, never what, and marks the deliveries
 * handled. Runs until the signal; a delivery whose workflow cannot be told stays open and is tried again.
 */
export async function dispatchDeliveries({ database, client, log, signal }: Dispatching): Promise<void> {
  let rung = Promise.withResolvers<void>();
  const unlisten = await listen(database, deliveriesChannel, () => rung.resolve());
  try {
    while (!signal.aborted) {
      // A delivery that is stored from here on rings the next look.
      rung = Promise.withResolvers();
      try {
        while (!signal.aborted && (await dispatchBatch({ database, client, log })) === batchSize);
      } catch (error) {
        log.warn({ error }, 'dispatching deliveries failed; trying again');
      }
      const waits = new AbortController();
      const stopped = { signal: AbortSignal.any([signal, waits.signal]) };
      await Promise.race([rung.promise, pause(pollMs, undefined, stopped).catch(() => undefined)]);
      waits.abort();
      await pause(gatherMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await unlisten();
  }
}

/** Handles the oldest open deliveries in one transaction; gives how many it handled. */
async function dispatchBatch({ database, client, log }: Omit<Dispatching, 'signal'>): Promise<number> {
  return database.transaction(async (transaction) => {
    const taken = await takeDeliveries(transaction, batchSize);
    if (taken.length === 0) return 0;
    const repositories = [...new Set(taken.map(repositoryOf))];
    const watched = await listWatched(transaction, { codeHost, repositories });
    const acts = new Map<string, { deliveries: Set<string>; act: () => Promise<void> }>();
    const plan = (id: string, delivery: Delivery, act: () => Promise<void>): void => {
      const planned = acts.get(id) ?? { deliveries: new Set(), act };
      acts.set(id, planned);
      planned.deliveries.add(delivery.id);
    };
    for (const delivery of taken) {
      for (const operation of watched.filter((one) => isAbout(delivery, one)))
        plan(operation.workflowId, delivery, () => tell(client, operation.workflowId));
      if (delivery.action !== 'reopened' || delivery.number === null) continue;
      const { number } = delivery;
      const ended = await findEndedOperation(transaction, { codeHost, repository: repositoryOf(delivery), number });
      if (ended === undefined) continue;
      const id = workflowId.reopened(ended.installation, number);
      plan(id, delivery, () => answer(client, id, { ...ended, number }));
    }

    const open = new Set<string>();
    const deadline = Date.now() + answerMs;
    await Promise.all(
      [...acts].map(async ([id, { deliveries, act }]) => {
        try {
          await client.withDeadline(deadline, act);
        } catch (error) {
          log.warn({ workflowId: id, error }, 'a workflow was not told of deliveries; trying again');
          for (const delivery of deliveries) open.add(delivery);
        }
      }),
    );
    const handled = taken.filter(({ id }) => !open.has(id));
    if (handled.length > 0)
      await markHandled(
        transaction,
        handled.map(({ id }) => id),
      );
    log.info({ deliveries: handled.length, open: open.size, workflows: [...acts.keys()] }, 'deliveries handled');
    return handled.length;
  });
}

/** GitHub's names of repositories are the same in any case. */
function repositoryOf({ repository }: Pick<Delivery, 'repository'>): string {
  return repository.toLowerCase();
}

/** The name of the base is the host's to say: a push to any branch but other operations' own may be one to it. */
function isAbout(delivery: Delivery, operation: WatchedPullRequest): boolean {
  if (repositoryOf(delivery) !== repositoryOf(operation)) return false;
  if (delivery.branch === null) return delivery.number === operation.number;
  const own = branchName(operation.operation, operation.installation);
  return delivery.branch === own || operationOfBranch(delivery.branch) === undefined;
}

async function tell(client: Client, id: string): Promise<void> {
  try {
    await client.workflow.getHandle(id).signal(messages.repositoryChanged);
  } catch (error) {
    // It ended meanwhile, or was lost: reconciliation starts it again, and it reads for itself.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/** One that runs under this id answers already; one that ran before has answered another opening. */
async function answer(client: Client, id: string, input: CodeOperation & { number: number }): Promise<void> {
  await client.workflow.start('answerReopened' satisfies WorkflowName, {
    workflowId: id,
    taskQueue: taskQueues.control,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowExecutionTimeout: '1 day',
    staticSummary: `Answer pull request ${input.number}, which is open again`,
  });
}
