import { Context } from '@temporalio/activity';
import type { Status, Step } from '../contract/closed-sets.ts';
import type { EventData } from '../contract/events.ts';
import type { Database, Transaction } from '../db/connect.ts';
import { recordProgress } from '../db/queries/progress.ts';

export interface StepOutcome<Result> {
  result: Result;
  /** Facts worth a line of progress. */
  facts?: EventData['facts'];
  /** Written in the transaction of the step's `done` event. */
  write?: (transaction: Transaction) => Promise<void>;
  /** The status from the end of the step on; the same as during it when not given. */
  status?: Status;
}

/** Runs a step between its `started` and `done` events; what the step writes and its `done` event are one transaction. */
export async function recordedStep<Result>(
  database: Database,
  at: { installation: string; step: Step; status: Status },
  act: () => Promise<StepOutcome<Result>>,
): Promise<Result> {
  if (Context.current().info.attempt === 1) await recordProgress(database, { ...at, event: 'started', data: {} });
  const begun = performance.now();
  const outcome = await act();
  const seconds = Math.round(performance.now() - begun) / 1000;
  await database.transaction(async (transaction) => {
    await outcome.write?.(transaction);
    await recordProgress(transaction, {
      ...at,
      status: outcome.status ?? at.status,
      event: 'done',
      data: outcome.facts === undefined ? { seconds } : { seconds, facts: outcome.facts },
    });
  });
  return outcome.result;
}

/** The status while an operation's step runs: a removal is `removing`, an installation in review stays so. */
export function statusDuring(operation: 'install' | 'remove', now: Status): Status {
  if (operation === 'remove') return 'removing';
  return now === 'in_review' ? 'in_review' : 'running';
}
