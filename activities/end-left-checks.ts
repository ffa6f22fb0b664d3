import type { CodeOperation } from '../contract/activities.ts';
import type { EventData } from '../contract/events.ts';
import { getInstallationWithProject } from '../db/queries/installations.ts';
import { findLeftRunning } from '../db/queries/pipeline-steps.ts';
import { findPullRequest } from '../db/queries/pull-requests.ts';
import type { ControlDependencies } from './dependencies.ts';
import { reportChecks } from './report-checks.ts';

/**
 * Ends the checks of a validation that was begun and gives no verdict by itself any more, with why. Gives facts for the
 * event as `reportChecks` does.
 */
export async function endLeftChecks(
  dependencies: ControlDependencies,
  of: CodeOperation,
  why: string,
): Promise<NonNullable<EventData['facts']>> {
  const { database } = dependencies;
  const known = await findPullRequest(database, of);
  if (known === undefined) return {};
  const commit = await findLeftRunning(database, of);
  if (commit === undefined) return {};
  const checked = { ...(await getInstallationWithProject(database, of.installation)), number: known.number, commit };
  return reportChecks(dependencies, checked, { notRun: why });
}
