import { Context } from '@temporalio/activity';
import type { CodeChange, Status, Step } from '../contract/closed-sets.ts';
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

/** The status while an operation's step runs: a removal is `removing`, what is in review or active stays so. */
export function statusDuring(operation: CodeChange, now: Status): Status {
  if (operation === 'remove') return 'removing';
  return now === 'in_review' || now === 'active' ? now : 'running';
}

/** The status while an operation's pull request is open. */
export function statusInReview(operation: CodeChange): Status {
  return inReview[operation];
}

const inReview = { install: 'in_review', update: 'active', remove: 'removing' } as const;
