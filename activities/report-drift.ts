import type { BaseHead } from '../contract/code-host.ts';
import { GraftError } from '../contract/errors.ts';
import { driftKey } from '../contract/ids.ts';
import { getConnector } from '../connectors/index.ts';
import type { Database } from '../db/connect.ts';
import { listDiscovered } from '../db/queries/discoveries.ts';
import { type EndedDrift, type KeptDrift, deleteDrift, saveDrift } from '../db/queries/drift.ts';
import { findCodeSharers, getInstallation } from '../db/queries/installations.ts';
import { claimOperation } from '../db/queries/operations.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';
import { missingOf } from './compare-drift.ts';
import type { ControlDependencies } from './dependencies.ts';
import { driftText } from './drift-text.ts';

type Dependencies = Pick<ControlDependencies, 'database' | 'codeHosts'>;

/** What is known of the code of one connector in a project, which these active installations share. */
export interface LookedAt {
  connector: string;
  alias: string;
  installations: readonly Installation[];
  kept: KeptDrift;
}

/** Tells people what is missing, or that nothing is any more, unless they were told just that. */
export async function reportDrift(
  { database, codeHosts }: Dependencies,
  project: Project,
  base: BaseHead,
  { connector, alias, installations, kept }: LookedAt,
): Promise<void> {
  if (kept.reported) return;
  let issueUrl: string | null = null;
  const missing = missingOf(kept);
  // What another operation does now may mend it: the next look tells.
  if (project.driftReport === 'pull_request' && missing.length > 0 && !(await proposeRepair(database, installations)))
    return;
  if (project.driftReport === 'issue') {
    const { repository, appDir } = project;
    const { manifest } = getConnector(connector);
    const environments = installations.map(({ environment }) => environment);
    const text = driftText({
      name: manifest.name,
      alias,
      appDir,
      environments,
      missing,
      base,
      heldAt: kept.heldAt,
    });
    const issue = missing.length === 0 ? null : text;
    const opened = await codeHosts[project.codeHost].keepIssue(repository, driftKey(connector, alias, appDir), issue);
    issueUrl = opened?.url ?? null;
  }
  await saveDrift(database, installations, { ...kept, reported: true, issueUrl });
}

/**
 * Claims an update with the same options, of the installation whose provider told last what the code is made of; its workflow is
 * started as that of any claim without one. False when the code is in the hands of another operation, or not active any more.
 */
async function proposeRepair(database: Database, installations: readonly Installation[]): Promise<boolean> {
  const [oldest] = installations as [Installation];
  try {
    await database.transaction(async (transaction) => {
      const [told] = await listDiscovered(transaction, installations);
      const one = installations.find(({ id }) => id === told?.installation) ?? oldest;
      await claimOperation(transaction, one, 'update', one.options);
      const { status } = await getInstallation(transaction, one.id);
      if (status !== 'active') throw new GraftError('not_active', 'It is not active any more.');
    });
    return true;
  } catch (error) {
    if (error instanceof GraftError && (error.code === 'operation_in_progress' || error.code === 'not_active'))
      return false;
    throw error;
  }
}

/** Forgets an installation that is not active any more, and closes its issue when nobody else uses the code. */
export async function forgetEnded(
  { database, codeHosts }: Dependencies,
  { installation, project, drift }: EndedDrift,
): Promise<void> {
  const isTold = drift.issueUrl !== null || !drift.reported;
  const sharers = await findCodeSharers(database, installation);
  if (project.driftReport === 'issue' && isTold && !sharers.some(({ status }) => status === 'active')) {
    const key = driftKey(installation.connector, installation.alias, project.appDir);
    await codeHosts[project.codeHost].keepIssue(project.repository, key, null);
  }
  await deleteDrift(database, installation.id);
}
