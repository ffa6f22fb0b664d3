import { and, desc, eq, gt, gte, sql } from 'drizzle-orm';
import type { CodeOperation } from '../../contract/activities.ts';
import type { StepReport } from '../../contract/pipeline.ts';
import type { Executor } from '../connect.ts';
import { events } from '../schema/events.ts';
import { operations } from '../schema/operations.ts';
import { pipelineStepReports } from '../schema/pipeline-steps.ts';

/** What a report belongs to; `subject` is the plan hash that was validated, or the commit of a head that people pushed. */
export interface Validated extends CodeOperation {
  subject: string;
}

/** Keeps the verdicts of a validation, in place of those of an earlier run on the same subject. */
export async function savePipelineSteps(
  executor: Executor,
  of: Validated,
  reports: readonly StepReport[],
): Promise<void> {
  if (reports.length === 0) return;
  const { installation, operation, subject } = of;
  await executor
    .insert(pipelineStepReports)
    .values(reports.map((report) => ({ installation, operation, subject, ...report })))
    .onConflictDoUpdate({
      target: [
        pipelineStepReports.installation,
        pipelineStepReports.operation,
        pipelineStepReports.subject,
        pipelineStepReports.step,
      ],
      set: {
        verdict: sql`excluded.verdict`,
        summary: sql`excluded.summary`,
        seconds: sql`excluded.seconds`,
        log: sql`excluded.log`,
        at: sql`now()`,
      },
    });
}

/** The verdicts of the newest validation of an installation; empty when nothing was validated. */
export async function listNewestPipelineSteps(
  executor: Executor,
  installation: string,
): Promise<(Validated & StepReport & { at: Date })[]> {
  const [newest] = await executor
    .select({ operation: pipelineStepReports.operation, subject: pipelineStepReports.subject })
    .from(pipelineStepReports)
    .where(eq(pipelineStepReports.installation, installation))
    .orderBy(desc(pipelineStepReports.at))
    .limit(1);
  if (newest === undefined) return [];
  return executor
    .select()
    .from(pipelineStepReports)
    .where(
      and(
        eq(pipelineStepReports.installation, installation),
        eq(pipelineStepReports.operation, newest.operation),
        eq(pipelineStepReports.subject, newest.subject),
      ),
    );
}

/** The pushed head whose validation the operation that runs has begun last, when no verdict on it was kept since. */
export async function findLeftRunning(
  executor: Executor,
  { installation, operation }: CodeOperation,
): Promise<string | undefined> {
  const head = sql<string>`${events.data}->'facts'->>'head'`;
  const [begun] = await executor
    .select({ at: events.at, head })
    .from(events)
    .innerJoin(operations, eq(operations.installation, events.installation))
    .where(
      and(
        eq(events.installation, installation),
        gte(events.at, operations.createdAt),
        eq(events.step, 'generate'),
        eq(events.event, 'done'),
        // Beside a plan it is the head that a base is merged into.
        sql`${head} is not null and ${events.data}->'facts'->'planHash' is null`,
      ),
    )
    .orderBy(desc(events.id))
    .limit(1);
  if (begun === undefined) return undefined;
  const reports = await executor
    .select({ step: pipelineStepReports.step })
    .from(pipelineStepReports)
    .where(
      and(
        eq(pipelineStepReports.installation, installation),
        eq(pipelineStepReports.operation, operation),
        eq(pipelineStepReports.subject, begun.head),
        gt(pipelineStepReports.at, begun.at),
      ),
    )
    .limit(1);
  return reports.length === 0 ? begun.head : undefined;
}
