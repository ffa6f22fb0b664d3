import { and, desc, eq, sql } from 'drizzle-orm';
import type { CodeOperation, PlannedArtifact } from '../../contract/activities.ts';
import type { NextStep } from '../../contract/connector.ts';
import { GraftError } from '../../contract/errors.ts';
import type { Executor } from '../connect.ts';
import { installations } from '../schema/installations.ts';
import { plans } from '../schema/plans.ts';

export type StoredPlan = typeof plans.$inferSelect;

/** Keeps an operation's plan in place of its former one, and what the plan leaves for people to do. */
export async function savePlan(
  executor: Executor,
  of: CodeOperation,
  plan: PlannedArtifact,
  nextSteps: readonly NextStep[],
): Promise<void> {
  const values = { baseCommit: plan.baseCommit, planHash: plan.planHash, artifact: plan.artifact };
  await executor.transaction(async (transaction) => {
    await transaction
      .insert(plans)
      .values({ installation: of.installation, operation: of.operation, ...values })
      .onConflictDoUpdate({ target: [plans.installation, plans.operation], set: { ...values, createdAt: sql`now()` } });
    // What an update leaves to do counts once it is done.
    if (of.operation === 'update') return;
    await transaction.update(installations).set({ nextSteps }).where(eq(installations.id, of.installation));
  });
}

/** The plan of an operation. */
export async function findPlan(executor: Executor, of: CodeOperation): Promise<StoredPlan | undefined> {
  const [found] = await executor
    .select()
    .from(plans)
    .where(and(eq(plans.installation, of.installation), eq(plans.operation, of.operation)));
  return found;
}

/** The plan that a running operation goes by; throws `internal` when none is kept. */
export async function getPlan(executor: Executor, of: CodeOperation): Promise<StoredPlan> {
  const found = await findPlan(executor, of);
  if (found !== undefined) return found;
  throw new GraftError('internal', `No plan of ${of.installation} is kept: start the operation again.`);
}

/** The newest plan of an installation, of whichever operation. */
export async function findNewestPlan(executor: Executor, installation: string): Promise<StoredPlan | undefined> {
  const [found] = await executor
    .select()
    .from(plans)
    .where(eq(plans.installation, installation))
    .orderBy(desc(plans.createdAt))
    .limit(1);
  return found;
}
