import type { ControlActivities } from '../contract/activities.ts';
import { getProject } from '../db/queries/projects.ts';
import type { ControlDependencies } from './dependencies.ts';
import { makePlan, planBytes } from './make-plan.ts';
import { readBundled } from './read-bundled.ts';

type Planning = Pick<ControlActivities, 'planInstallation'>;

/** The dry run: the same plan that `generate` would make at this base, kept as an artifact. */
export function createPlanInstallation(dependencies: ControlDependencies): Planning {
  const { database, codeHosts, artifacts } = dependencies;
  return {
    async planInstallation({ project: id, ...asked }) {
      const project = await getProject(database, id);
      const host = codeHosts[project.codeHost];
      const base = await host.readBase(project.repository);
      const snapshot = await host.readSnapshot(project.repository, base.commit);
      const { appDir } = project;
      const bundled = await readBundled(dependencies, asked, appDir, [snapshot]);
      const planned = makePlan(snapshot, base.commit, { ...asked, appDir, bundled });
      const artifact = await artifacts.put(id, planBytes(planned));
      return { artifact, planHash: planned.plan.planHash, baseCommit: base.commit };
    },
  } satisfies Planning;
}
