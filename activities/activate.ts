import type { CodeChange } from '../contract/closed-sets.ts';
import type { ControlActivities, ValuesChoice } from '../contract/activities.ts';
import type { Finding, Snapshot } from '../contract/codegen.ts';
import type { Contribution, EnvironmentKey } from '../contract/connector.ts';
import { GraftError } from '../contract/errors.ts';
import { branchName, workflowId } from '../contract/ids.ts';
import { checkInstalled } from '../codegen/check-installed.ts';
import type { Database } from '../db/connect.ts';
import { findUsableVersion, promoteVersion } from '../db/queries/credential-versions.ts';
import { saveDrift } from '../db/queries/drift.ts';
import { getInstallationWithProject } from '../db/queries/installations.ts';
import { findClaim } from '../db/queries/operations.ts';
import { finishInstallation, recordProgress } from '../db/queries/progress.ts';
import { listOwnNames, releaseOwnNames, takeNames } from '../db/queries/published-values.ts';
import { findPullRequest } from '../db/queries/pull-requests.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';
import { assumedOfAbsent } from './absent-repository.ts';
import { wantedFor } from './contribution.ts';
import type { ControlDependencies } from './dependencies.ts';
import { destroyStaged } from './encrypt.ts';
import { deleteIfOurs } from './own-pull-request.ts';
import { openUsable, probe } from './test-connection.ts';
import { checkNames, targetOf } from './validate.ts';

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

      const host = codeHosts[project.codeHost];
      const base = await host.readBase(project.repository);
      const snapshot = await host.readSnapshot(project.repository, base.commit);
      const { changed, adopted } = checkMergedHead(snapshot, project.appDir, installation, adopt === true);
      const { contribution } = wantedFor(snapshot, project.appDir, installation);
      await checkNames(dependencies, { installation, project, contribution, choice });
      const names = await publish(dependencies, installation, project, contribution, choice);
      const report = await probe(
        dependencies,
        installation,
        await openUsable(dependencies, installation, 'first health check'),
      );
      await deleteOwnBranch(dependencies, installation, project, 'install');

      const version = await findUsableVersion(database, id);
      if (version === undefined)
        throw new GraftError('credentials_expired', 'No credentials are kept: send them again.');
      await database.transaction(async (transaction) => {
        await promoteVersion(transaction, id, version.id);
        // From here on what goes missing is drift; what people adopted is not.
        await saveDrift(transaction, [installation], {
          baseCommit: base.commit,
          findings: changed,
          heldAt: base.commit,
          adopted,
          // The next look closes an issue that was left open before a disconnect.
          reported: false,
          issueUrl: null,
        });
        await finishInstallation(transaction, {
          installation: id,
          workflowId: workflowId.install(id),
          status: 'active',
          step: 'activate',
          event: 'done',
          data: {
            seconds: Math.round(performance.now() - begun) / 1000,
            facts: {
              account: report.account,
              published: names.join(', '),
              changedByPeople: filesOf([...changed, ...adopted]),
            },
          },
        });
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

/** Deletes the branch of an operation that ended, unless people's commits are on it or the host keeps it. */
export async function deleteOwnBranch(
  { database, codeHosts }: ControlDependencies,
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

/** What people changed on the way, and what is missing but adopted; throws `merged_differently` when something is missing. */
export function checkMergedHead(
  snapshot: Snapshot,
  appDir: string,
  { connector, alias }: Installation,
  adopt: boolean,
): { changed: Finding[]; adopted: Finding[] } {
  const findings = checkInstalled(snapshot, appDir, connector, alias);
  const missing = findings.filter(({ kind }) => kind === 'missing');
  if (missing.length > 0 && !adopt)
    throw new GraftError(
      'merged_differently',
      `After the merge this is missing: ${missing.map(({ file, what }) => `${file}: ${what}`).join('; ')}. Bring it back and retry, or adopt it as it is.`,
    );
  return { changed: findings.filter(({ kind }) => kind === 'changed'), adopted: missing };
}

export function filesOf(findings: readonly Finding[]): string {
  return [...new Set(findings.map(({ file }) => file))].join(', ');
}

/** Publishes what the app reads under its names, and gives these. A name kept as it was stays somebody else's. */
export async function publish(
  dependencies: ControlDependencies,
  installation: Installation,
  project: Project,
  contribution: Contribution,
  choice: ValuesChoice | undefined,
): Promise<string[]> {
  const { database, values } = dependencies;
  const publisher = values[project.codeHost];
  const target = targetOf(installation, project);
  const place = await publisher.placeOf(target);
  const credentials = await openUsable(dependencies, installation, 'publish');
  // An earlier try may have published to another place, where the names were free.
  const owned = await listOwnNames(database, installation.id);
  const own = new Set(owned.filter((entry) => entry.place === place).map(({ name }) => name));
  const existing = new Set(await publisher.list(place));
  const ours = ({ key }: EnvironmentKey) => own.has(key) || choice !== 'keep' || !existing.has(key);
  const published = Object.fromEntries(
    contribution.environmentKeys.filter(ours).flatMap(({ key, credential, secret }) => {
      const value = credentials[credential];
      return value === undefined ? [] : [[key, { value, secret }]];
    }),
  );
  const { environment, id } = installation;
  await takeNames(database, place, { project: project.id, environment, installation: id }, Object.keys(published));
  await publisher.publish(place, published);
  return Object.keys(published);
}
