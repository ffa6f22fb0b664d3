import { and, asc, desc, eq, gt, gte, ne, sql } from 'drizzle-orm';
import type { Reason, Status, Step } from '../../contract/closed-sets.ts';
import { GraftError } from '../../contract/errors.ts';
import type { EventData, EventKind, InstallationEvent } from '../../contract/events.ts';
import { type Outcome, deadlineDays } from '../../contract/workflows.ts';
import type { Executor } from '../connect.ts';
import { events } from '../schema/events.ts';
import { installations } from '../schema/installations.ts';
import { operations } from '../schema/operations.ts';
import { submissions } from '../schema/submissions.ts';
import { deleteDiscovered } from './discoveries.ts';

/** Notified with an installation's id whenever it has a new event. */
export const eventsChannel = 'graft_events';

export interface ProgressInput {
  installation: string;
  status: Status;
  step: Step;
  /** Why it waits for people from now on; without it, it does not wait. */
  reason?: Reason;
  event: EventKind;
  data: EventData;
}

/** A retried activity says the same thing again: one event is enough. */
async function appendEvent(executor: Executor, input: ProgressInput): Promise<void> {
  const [last] = await executor
    .select()
    .from(events)
    .where(eq(events.installation, input.installation))
    .orderBy(desc(events.id))
    .limit(1);
  const same =
    last !== undefined &&
    last.step === input.step &&
    last.event === input.event &&
    last.status === input.status &&
    last.data.reason === input.data.reason &&
    last.data.message === input.data.message &&
    last.data.outcome === input.data.outcome;
  if (same) return;
  await executor.insert(events).values({
    installation: input.installation,
    step: input.step,
    event: input.event,
    status: input.status,
    data: input.data,
  });
  await executor.execute(sql`select pg_notify(${eventsChannel}, ${input.installation})`);
}

/** Writes where an installation stands and the event that tells of it, together; listeners are told at the commit. */
export async function recordProgress(executor: Executor, input: ProgressInput): Promise<void> {
  const reason = input.reason ?? null;
  await executor.transaction(async (transaction) => {
    // The row first: its lock gives events of one installation ids in the order of their commits.
    const written = await transaction
      .update(installations)
      .set({
        status: input.status,
        step: input.step,
        reason,
        attentionSince: sql`case when ${reason}::text is null then null
          when ${installations.reason} = ${reason}::text then ${installations.attentionSince} else now() end`,
        message: reason === null ? null : (input.data.message ?? null),
        deadline:
          input.event === 'answered'
            ? sql`greatest(${installations.deadline}, now() + make_interval(days => ${deadlineDays.extendedByAnswer}))`
            : installations.deadline,
        updatedAt: sql`now()`,
      })
      .where(eq(installations.id, input.installation))
      .returning({ id: installations.id });
    if (written.length === 0) throw new GraftError('not_found', 'There is no such installation.');
    await appendEvent(transaction, input);
  });
}

/**
 * The end of an operation: status, message and event are written, submissions deleted and the claim of `workflowId`
 * released, together, and of an installation that is not active what its provider told is deleted. Does nothing when another
 * operation holds the installation by now, as after a late retry.
 */
export async function finishInstallation(
  executor: Executor,
  input: Omit<ProgressInput, 'reason'> & { workflowId: string },
): Promise<void> {
  await executor.transaction(async (transaction) => {
    await transaction
      .select({ id: installations.id })
      .from(installations)
      .where(eq(installations.id, input.installation))
      .for('update');
    const [other] = await transaction
      .select({ workflowId: operations.workflowId })
      .from(operations)
      .where(and(eq(operations.installation, input.installation), ne(operations.workflowId, input.workflowId)));
    if (other !== undefined) return;
    await recordProgress(transaction, input);
    await transaction
      .update(installations)
      .set({ message: input.data.message ?? null })
      .where(eq(installations.id, input.installation));
    await transaction.delete(submissions).where(eq(submissions.installation, input.installation));
    await transaction.delete(operations).where(eq(operations.installation, input.installation));
    if (input.status !== 'active') await deleteDiscovered(transaction, input.installation);
  });
}

/** What the undo of an operation, which was claimed then, was begun for; undefined when none was. */
export async function findUndoing(
  executor: Executor,
  { installation, createdAt }: { installation: string; createdAt: Date },
): Promise<{ outcome: Outcome; because: string } | undefined> {
  const [begun] = await executor
    .select({ data: events.data })
    .from(events)
    .where(
      and(
        eq(events.installation, installation),
        eq(events.event, 'started'),
        sql`${events.data} ? 'outcome'`,
        gte(events.at, createdAt),
      ),
    )
    .orderBy(desc(events.id))
    .limit(1);
  if (begun === undefined) return undefined;
  const { outcome = 'failed', message = '' } = begun.data;
  return { outcome, because: message };
}

/** Events of an installation after the one with the id `after` (`'0'`: from the start), the oldest first. */
export async function listEvents(
  executor: Executor,
  installation: string,
  after: string,
  limit = 500,
): Promise<InstallationEvent[]> {
  const rows = await executor
    .select()
    .from(events)
    .where(and(eq(events.installation, installation), gt(events.id, BigInt(after))))
    .orderBy(asc(events.id))
    .limit(limit);
  return rows.map((row) => ({
    id: row.id.toString(),
    at: row.at.toISOString(),
    step: row.step,
    event: row.event,
    status: row.status,
    data: row.data,
  }));
}
