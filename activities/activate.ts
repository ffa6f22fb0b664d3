import type { ControlActivities } from '../contract/activities.ts';
import { GraftError } from '../contract/errors.ts';
import { workflowId } from '../contract/ids.ts';
import type { Database } from '../db/connect.ts';
import { findUsableVersion } from '../db/queries/credential-versions.ts';
import { getInstallationWithProject } from '../db/queries/installations.ts';
import { findClaim } from '../db/queries/operations.ts';
import { finishInstallation, recordProgress } from '../db/queries/progress.ts';
import { listOwnNames, releaseOwnNames } from '../db/queries/published-values.ts';
import type { Installation } from '../db/schema/installations.ts';
import { assumedOfAbsent } from './absent-repository.ts';
import type { ControlDependencies } from './dependencies.ts';
import { destroyStaged } from './encrypt.ts';
import { becomeActive, readMergedCode } from './become-active.ts';
import { deleteOwnBranch } from './own-pull-request.ts';
import { publishValues } from './publish-values.ts';

type Activating = Pick<ControlActivities, 'activate' | 'unpublishValues' | 'deactivate' | 'restore'>;

/** Step 7: post-conditions at the merged head, values published, first health check; and what takes it back. */
export function createActivate(dependencies: ControlDependencies): Activating {
  const { database, codeHosts, values } = dependencies;

  return {
    async activate({ installation: id, values: choice, adopt }) {
      const { installation, project } = await getInstallationWithProject(database, id);
      if (installation.status === 'active') return;
      await recordProgress(database, {
        installation: id,
        step: 'activate',
        status: 'running',
        event: 'started',
        data: {},
      });
      const begun = performance.now();

      const code = await readMergedCode(dependencies, installation, project, adopt === true);
      const published = await publishValues(dependencies, installation, project, code.contribution, choice);
      await becomeActive(dependencies, {
        installation,
        project,
        operation: 'install',
        workflowId: workflowId.install(id),
        code,
        published,
        purpose: 'first health check',
        active: [installation],
        begun,
      });
    },

    async unpublishValues({ installation: id }) {
      const { installation, project } = await getInstallationWithProject(database, id);
      if (installation.status !== 'undoing')
        await recordProgress(database, {
          installation: id,
          step: 'deactivate',
          status: 'removing',
          event: 'started',
          data: {},
        });
      // Where they were published, which may not be where they would be published now.
      const owned = await listOwnNames(database, id);
      for (const [place, names] of Map.groupBy(owned, ({ place }) => place)) {
        const taken = names.map(({ name }) => name);
        await values[project.codeHost].unpublish(place, taken).catch(async (error: unknown) => {
          if (!(error instanceof GraftError) || error.code !== 'not_found') throw error;
          // A repository that is gone has no values, and nobody can bring this to another end.
          const assumed = await assumedOfAbsent(codeHosts[project.codeHost], project.repository);
          if (assumed === undefined) throw error;
          const facts = { values: `${assumed} Not taken back there: ${taken.join(', ')}.` };
          const at = { installation: id, step: 'deactivate', status: 'removing' } as const;
          await recordProgress(database, { ...at, event: 'done', data: { facts } });
        });
      }
      await releaseOwnNames(database, id);
    },

    async deactivate({ installation: id, status, because }) {
      const { installation, project } = await getInstallationWithProject(database, id);
      if (status === 'removed') await deleteOwnBranch(dependencies, installation, project, 'remove');
      await end(database, id, {
        status,
        event: status === 'removed' || status === 'disconnected' ? 'done' : 'undone',
        because,
      });
    },

    async restore({ installation: id, because }) {
      await destroyStaged(dependencies, id);
      const status = (await findUsableVersion(database, id)) === undefined ? 'disconnected' : 'active';
      await end(database, id, { status, event: 'undone', because });
      return { status };
    },
  } satisfies Activating;
}

async function end(
  database: Database,
  installation: string,
  { status, event, because }: { status: Installation['status']; event: 'done' | 'undone'; because: string | undefined },
): Promise<void> {
  const claim = await findClaim(database, installation);
  await finishInstallation(database, {
    installation,
    workflowId: claim?.workflowId ?? workflowId.install(installation),
    status,
    step: 'deactivate',
    event,
    data: because === undefined ? {} : { message: because },
  });
}
