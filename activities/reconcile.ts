import type { ControlActivities } from '../contract/activities.ts';
import { deleteOldDeliveries } from '../db/queries/deliveries.ts';
import { deleteExpiredAnswers } from '../db/queries/idempotency-keys.ts';
import { deleteExpiredSubmissions } from '../db/queries/submissions.ts';
import { deleteLeftBranches } from './delete-left-branches.ts';
import type { ControlDependencies } from './dependencies.ts';
import { startLost } from './start-lost.ts';

type Reconciling = Pick<ControlActivities, 'reconcile'>;

const artifactDays = 30;
// Longer than a code host delivers again.
const deliveryDays = 7;

/** What every minute sees to: workflows that are missing, and what is over. */
export function createReconcile(dependencies: ControlDependencies): Reconciling {
  const { database, artifacts } = dependencies;

  return {
    async reconcile() {
      const works = [
        startLost(dependencies),
        deleteLeftBranches(dependencies),
        deleteExpiredSubmissions(database),
        deleteExpiredAnswers(database),
        artifacts.removeOlderThan(artifactDays),
        deleteOldDeliveries(database, deliveryDays),
      ] as const;
      // What fails shall not keep the others from being done.
      await Promise.allSettled(works);
      const [started, branches, submissions, idempotencyKeys, removed, deliveries] = await Promise.all(works);
      return { started, branches, submissions, idempotencyKeys, artifacts: removed, deliveries };
    },
  } satisfies Reconciling;
}
