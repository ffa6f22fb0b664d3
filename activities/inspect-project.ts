import type { ControlActivities } from '../contract/activities.ts';
import { readProject } from '../codegen/read-project.ts';
import type { ControlDependencies } from './dependencies.ts';

type Inspecting = Pick<ControlActivities, 'inspectProject'>;

/** Reads what kind of app a repository holds at its base head. */
export function createInspectProject({ codeHosts }: ControlDependencies): Inspecting {
  return {
    async inspectProject({ codeHost, repository, appDir }) {
      const host = codeHosts[codeHost];
      // What our identity may not do is told when the project is registered, not at its first pull request.
      await host.checkAccess(repository);
      const base = await host.readBase(repository);
      const snapshot = await host.readSnapshot(repository, base.commit);
      return { facts: readProject(snapshot, appDir), baseBranch: base.branch, baseCommit: base.commit };
    },
  } satisfies Inspecting;
}
