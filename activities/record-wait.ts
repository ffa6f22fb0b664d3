import type { ControlActivities } from '../contract/activities.ts';
import type { Reason } from '../contract/closed-sets.ts';
import { GraftError } from '../contract/errors.ts';
import type { EventData } from '../contract/events.ts';
import { codeChangeOf, findClaim } from '../db/queries/operations.ts';
import { recordProgress } from '../db/queries/progress.ts';
import type { ControlDependencies } from './dependencies.ts';
import { endLeftChecks } from './end-left-checks.ts';

type Recording = Pick<ControlActivities, 'recordWait'>;

/**
 * Writes that an operation waits for people, goes on, or is in a step that no control activity records. Where it waits,
 * no validation runs, so checks at the code host that still do are ended with the reason.
 */
export function createRecordWait(dependencies: ControlDependencies): Recording {
  return {
    async recordWait({ message, reason, outcome, ...at }) {
      const checks = reason === undefined ? {} : await endChecks(dependencies, at.installation, reason);
      await recordProgress(dependencies.database, {
        ...at,
        ...(reason === undefined ? {} : { reason }),
        data: {
          ...(reason === undefined ? {} : { reason }),
          ...(message === undefined ? {} : { message }),
          ...(outcome === undefined ? {} : { outcome }),
          ...('checks' in checks ? { facts: checks } : {}),
        },
      });
    },
  } satisfies Recording;
}

async function endChecks(
  dependencies: ControlDependencies,
  installation: string,
  reason: Reason,
): Promise<NonNullable<EventData['facts']>> {
  const claim = await findClaim(dependencies.database, installation);
  if (claim === undefined) return {};
  const operation = codeChangeOf(claim.operation);
  try {
    return await endLeftChecks(dependencies, { installation, operation }, `waits for people (${reason})`);
  } catch (error) {
    // That people are waited for must be told now: the end of a limit may be an hour away, a repository gone for good.
    const isHopeless = error instanceof GraftError && (error.code === 'rate_limited' || error.code === 'not_found');
    if (!isHopeless) throw error;
    return { checks: `not shown: ${error.message}` };
  }
}
