import type { Executor } from '../db/connect.ts';
import { getInstallationWithProject } from '../db/queries/installations.ts';
import { findClaim } from '../db/queries/operations.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';

/** An installation as the operation that runs on it wants it: under an update, with the options asked for. Throws `not_found`. */
export async function getAsked(
  executor: Executor,
  id: string,
): Promise<{ installation: Installation; project: Project }> {
  const { installation, project } = await getInstallationWithProject(executor, id);
  const claim = await findClaim(executor, id);
  const options = claim?.options ?? installation.options;
  return { installation: { ...installation, options }, project };
}
