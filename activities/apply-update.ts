import type { ControlActivities } from '../contract/activities.ts';
import type { Contribution } from '../contract/connector.ts';
import { GraftError } from '../contract/errors.ts';
import { findUsableVersion, promoteVersion } from '../db/queries/credential-versions.ts';
import { saveDrift } from '../db/queries/drift.ts';
import { findCodeSharers, setCode } from '../db/queries/installations.ts';
import { findClaim } from '../db/queries/operations.ts';
import { finishInstallation, recordProgress } from '../db/queries/progress.ts';
import { listOwnNames, releaseNames } from '../db/queries/published-values.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';
import { checkMergedHead, deleteOwnBranch, filesOf, publish } from './activate.ts';
import { getAsked } from './asked-options.ts';
import { wantedFor } from './contribution.ts';
import type { ControlDependencies } from './dependencies.ts';
import { openUsable, probe } from './test-connection.ts';
import { checkNames } from './validate.ts';

type Applying = Pick<ControlActivities, 'applyUpdate'>;

/** The end of an update: what is in the base holds, and from here counts, for every environment that uses the code. */
export function createApplyUpdate(dependencies: ControlDependencies): Applying {
  const { database, codeHosts } = dependencies;

  return {
    async applyUpdate({ installation: id, values: choice, adopt }) {
      const claim = await findClaim(database, id);
      // A try before this one came to its end.
      if (claim?.operation !== 'update') return;
      const { installation, project } = await getAsked(database, id);
      const at = { installation: id, step: 'activate', status: 'active' } as const;
      await recordProgress(database, { ...at, event: 'started', data: {} });
      const begun = performance.now();

      const host = codeHosts[project.codeHost];
      const base = await host.readBase(project.repository);
      const snapshot = await host.readSnapshot(project.repository, base.commit);
      const { changed, adopted } = checkMergedHead(snapshot, project.appDir, installation, adopt === true);
      const { contribution } = wantedFor(snapshot, project.appDir, installation);
      const sharers = await findCodeSharers(database, installation);
      const { options } = installation;
      const active = [installation, ...sharers.filter(({ status }) => status === 'active')];
      const published = new Set<string>();
      for (const one of active)
        for (const name of await publishAnew(dependencies, { ...one, options }, project, contribution, choice))
          published.add(name);
      const report = await probe(
        dependencies,
        installation,
        await openUsable(dependencies, installation, 'health check'),
      );
      await deleteOwnBranch(dependencies, installation, project, 'update');

      const version = await findUsableVersion(database, id);
      if (version === undefined)
        throw new GraftError('credentials_expired', 'No credentials are kept: send them again.');
      await database.transaction(async (transaction) => {
        await promoteVersion(transaction, id, version.id);
        await setCode(transaction, [installation, ...sharers], { options, nextSteps: contribution.nextSteps });
        await saveDrift(transaction, active, {
          baseCommit: base.commit,
          findings: changed,
          heldAt: base.commit,
          adopted,
          reported: false,
          issueUrl: null,
        });
        await finishInstallation(transaction, {
          ...at,
          workflowId: claim.workflowId,
          event: 'done',
          data: {
            seconds: Math.round(performance.now() - begun) / 1000,
            facts: {
              account: report.account,
              published: [...published].join(', '),
              changedByPeople: filesOf([...changed, ...adopted]),
            },
          },
        });
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
  await checkNames(dependencies, { installation, project, contribution, choice });
  const names = await publish(dependencies, installation, project, contribution, choice);
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
