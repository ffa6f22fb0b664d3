import type { CodeHost } from '../contract/code-host.ts';
import { GraftError } from '../contract/errors.ts';
import { branchFolder, installationOfBranch } from '../contract/ids.ts';
import { holdClaim } from '../db/queries/operations.ts';
import { listLivelyProjects } from '../db/queries/projects.ts';
import type { Project } from '../db/schema/projects.ts';
import type { ControlDependencies } from './dependencies.ts';
import { deleteIfOurs } from './own-pull-request.ts';

/** Projects where nothing happened for longer are not looked at. */
const livelyDays = 1;

/**
 * Deletes branches of operations that ended, as a step may leave one that went on after its time was up; those with
 * commits of people stay. Gives their names. One failure does not stop the others.
 */
export async function deleteLeftBranches(dependencies: ControlDependencies): Promise<string[]> {
  const { database, codeHosts } = dependencies;
  const deleted: string[] = [];
  const failures: unknown[] = [];
  for (const project of await listLivelyProjects(database, livelyDays)) {
    try {
      deleted.push(...(await deleteIn(dependencies, project, codeHosts[project.codeHost])));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return deleted;
}

async function deleteIn({ database }: ControlDependencies, project: Project, host: CodeHost): Promise<string[]> {
  const deleted: string[] = [];
  for (const branch of await listBranches(host, project.repository)) {
    const id = installationOfBranch(branch);
    if (id === undefined) continue;
    // No operation begins on the installation while its branch goes.
    const gone = await holdClaim(database, id, async ({ claim, installation }) => {
      if (claim !== undefined || installation?.project !== project.id) return false;
      return deleteIfOurs(host, project.repository, branch);
    });
    if (gone) deleted.push(`${project.repository}:${branch}`);
  }
  return deleted;
}

/** None in a repository that is gone. */
async function listBranches(host: CodeHost, repository: string): Promise<readonly string[]> {
  try {
    return await host.listBranches(repository, branchFolder);
  } catch (error) {
    if (error instanceof GraftError && error.code === 'not_found') return [];
    throw error;
  }
}
