import { type CodeHostKind, codeHostKinds } from '../contract/closed-sets.ts';
import type { CodeHost } from '../contract/code-host.ts';
import { GraftError, isOutage } from '../contract/errors.ts';
import { branchFolder, operationOfBranch } from '../contract/ids.ts';
import { holdClaim } from '../db/queries/operations.ts';
import { listLivelyProjects } from '../db/queries/projects.ts';
import type { Project } from '../db/schema/projects.ts';
import { sayReopened } from './answer-reopened.ts';
import type { ControlDependencies } from './dependencies.ts';
import { deleteIfOurs } from './own-pull-request.ts';

/** Projects where nothing happened for longer are not looked at: at GitHub each costs a request. */
const livelyHours: Readonly<Record<CodeHostKind, number>> = { local: 24, github: 1 };

/**
 * Deletes branches of operations that ended, as a step may leave one that went on after its time was up; those with
 * commits of people stay, and those that people opened the pull request of again, who are told what became of it. Gives
 * their names. One failure does not stop the others; a host that is away, or asks for fewer requests, is left alone.
 */
export async function deleteLeftBranches(dependencies: ControlDependencies): Promise<string[]> {
  const deleted: string[] = [];
  const failures: unknown[] = [];
  for (const codeHost of codeHostKinds) {
    const lively = { codeHost, hours: livelyHours[codeHost] };
    for (const project of await listLivelyProjects(dependencies.database, lively)) {
      try {
        deleted.push(...(await deleteIn(dependencies, project, dependencies.codeHosts[codeHost])));
      } catch (error) {
        // The next minute is another try.
        if (error instanceof GraftError && isOutage(error.code)) break;
        failures.push(error);
      }
    }
  }
  if (failures.length > 0) throw failures[0];
  return deleted;
}

async function deleteIn({ database }: ControlDependencies, project: Project, host: CodeHost): Promise<string[]> {
  const { repository } = project;
  const deleted: string[] = [];
  for (const branch of await listBranches(host, repository)) {
    const of = operationOfBranch(branch);
    if (of === undefined) continue;
    // No operation begins on the installation while its branch goes.
    const gone = await holdClaim(database, of.installation, async ({ claim, installation }) => {
      if (claim !== undefined || installation?.project !== project.id) return false;
      const found = await host.findPullRequest(repository, branch);
      if (found?.state !== 'open') return deleteIfOurs(host, repository, branch);
      await sayReopened(host, repository, { number: found.number, operation: of.operation, installation });
      return false;
    });
    if (gone) deleted.push(`${repository}:${branch}`);
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
