import type { CodeOperation } from '../contract/activities.ts';
import type { CodeChange } from '../contract/closed-sets.ts';
import type { CodeHost, PullRequest } from '../contract/code-host.ts';
import { GraftError } from '../contract/errors.ts';
import { branchName } from '../contract/ids.ts';
import type { Database } from '../db/connect.ts';
import { findClaim } from '../db/queries/operations.ts';
import { findPullRequest } from '../db/queries/pull-requests.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';
import type { ControlDependencies } from './dependencies.ts';

/**
 * The pull request of the operation that runs, open or ended. One that an earlier operation left on a branch of the same
 * name, such as a removal that was declined, is none.
 */
export async function findOwnPullRequest(
  database: Database,
  host: CodeHost,
  repository: string,
  of: CodeOperation,
): Promise<PullRequest | undefined> {
  const found = await host.findPullRequest(repository, branchName(of.operation, of.installation));
  if (found === undefined || found.state === 'open') return found;
  const known = await findPullRequest(database, of);
  const claim = await findClaim(database, of.installation);
  const isEarlier =
    known !== undefined && claim !== undefined && known.number === found.number && known.createdAt < claim.createdAt;
  return isEarlier ? undefined : found;
}

/** Deletes a branch of ours, and says whether it is gone; one that holds commits of people, or that the host keeps, stays. */
export async function deleteIfOurs(host: CodeHost, repository: string, branch: string): Promise<boolean> {
  try {
    await host.deleteBranch(repository, branch);
    return true;
  } catch (error) {
    if (error instanceof GraftError && error.code === 'code_host_refused') return false;
    throw error;
  }
}

/** Deletes the branch of an operation that ended, unless people's commits are on it or the host keeps it. */
export async function deleteOwnBranch(
  { database, codeHosts }: Pick<ControlDependencies, 'database' | 'codeHosts'>,
  installation: Installation,
  project: Project,
  operation: CodeChange,
): Promise<void> {
  const known = await findPullRequest(database, { installation: installation.id, operation });
  if (known === undefined) return;
  const host = codeHosts[project.codeHost];
  const { ours } = await host.readPullRequest(project.repository, known.number).catch((error: unknown) => {
    if (!(error instanceof GraftError) || error.code !== 'not_found') throw error;
    // With the repository its branches are gone.
    return { ours: false };
  });
  if (ours) await deleteIfOurs(host, project.repository, branchName(operation, installation.id));
}
