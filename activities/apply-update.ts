import type { ControlActivities } from '../contract/activities.ts';
import type { Contribution } from '../contract/connector.ts';
import { findCodeSharers, setCode } from '../db/queries/installations.ts';
import { findClaim } from '../db/queries/operations.ts';
import { getPlan } from '../db/queries/plans.ts';
import { recordProgress } from '../db/queries/progress.ts';
import { listOwnNames, releaseNames } from '../db/queries/published-values.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';
import { getAsked } from './get-asked.ts';
import type { ControlDependencies } from './dependencies.ts';
import { becomeActive, readMergedCode } from './become-active.ts';
import { changesNothing, planFromBytes } from './make-plan.ts';
import { publishValues } from './publish-values.ts';

type Applying = Pick<ControlActivities, 'applyUpdate'>;

/** The end of an update: what is in the base holds, and from here counts, for every environment that uses the code. */
export function createApplyUpdate(dependencies: ControlDependencies): Applying {
  const { database, artifacts } = dependencies;

  return {
    async applyUpdate({ installation: id, values: choice, adopt }) {
      const claim = await findClaim(database, id);
      // A try before this one came to its end.
      if (claim?.operation !== 'update') return;
      const { installation, project } = await getAsked(database, id);
      const at = { installation: id, step: 'activate', status: 'active' } as const;
      await recordProgress(database, { ...at, event: 'started', data: {} });
      const begun = performance.now();

      const code = await readMergedCode(dependencies, installation, project, adopt === true);
      const { contribution } = code;
      const sharers = await findCodeSharers(database, installation);
      const { options } = installation;
      const active = [installation, ...sharers.filter(({ status }) => status === 'active')];
      const { artifact } = await getPlan(database, { installation: id, operation: 'update' });
      const published = new Set<string>();
      for (const one of active)
        for (const name of await publishAnew(dependencies, { ...one, options }, project, contribution, choice))
          published.add(name);
      await becomeActive(dependencies, {
        installation,
        project,
        operation: 'update',
        workflowId: claim.workflowId,
        code,
        published,
        purpose: 'health check',
        active,
        message: changesNothing(planFromBytes(await artifacts.get(project.id, artifact)))
          ? 'Nothing was to be changed: the code is what these options and this version of the connector give.'
          : undefined,
        write: (transaction) =>
          setCode(transaction, [installation, ...sharers], { options, nextSteps: contribution.nextSteps }),
        begun,
      });
    },
  } satisfies Applying;
}

/** Publishes what the code reads now, takes back what it reads no more, and gives the names that stand. */
async function publishAnew(
  dependencies: ControlDependencies,
  installation: Installation,
  project: Project,
  contribution: Contribution,
  choice: 'overwrite' | 'keep' | undefined,
): Promise<string[]> {
  const { database, values } = dependencies;
  const names = await publishValues(dependencies, installation, project, contribution, choice);
  const owned = await listOwnNames(database, installation.id);
  const gone = Map.groupBy(
    owned.filter(({ name }) => !names.includes(name)),
    ({ place }) => place,
  );
  for (const [place, entries] of gone) {
    const left = entries.map(({ name }) => name);
    await values[project.codeHost].unpublish(place, left);
    await releaseNames(database, installation.id, place, left);
  }
  return names;
}
