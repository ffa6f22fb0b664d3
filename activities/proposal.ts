import type { CodeOperation } from '../contract/activities.ts';
import type { CodeHost, PullRequest, PullRequestText } from '../contract/code-host.ts';
import type { Snapshot, StoredPlan } from '../contract/codegen.ts';
import { GraftError, isOutage } from '../contract/errors.ts';
import type { PipelineReport } from '../contract/pipeline.ts';
import { branchName } from '../contract/ids.ts';
import { readProject } from '../codegen/read-project.ts';
import { findRecord } from '../codegen/records.ts';
import { getConnector } from '../connectors/index.ts';
import type { BundledSource } from '../connectors/read-bundled-versions.ts';
import { findPlan } from '../db/queries/plans.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';
import { getAsked } from './get-asked.ts';
import type { ControlDependencies } from './dependencies.ts';
import { makePlan } from './make-plan.ts';
import { readPlanBase } from './plan-base.ts';
import { pullRequestText } from './pull-request-text.ts';
import { readBundled } from './read-bundled.ts';
import { readDiscovered } from './read-discovered.ts';

/** An operation that changes code, with what its pull request belongs to. */
export interface Proposal extends CodeOperation {
  installationRow: Installation;
  project: Project;
  host: CodeHost;
  branch: string;
}

export async function proposalOf(
  { database, codeHosts }: Pick<ControlDependencies, 'database' | 'codeHosts'>,
  { installation, operation }: CodeOperation,
): Promise<Proposal> {
  const { installation: installationRow, project } = await getAsked(database, installation);
  const branch = branchName(operation, installation);
  return { installation, operation, installationRow, project, host: codeHosts[project.codeHost], branch };
}

/** Title and body of a proposal's pull request, with what was found by validating its plan. */
export async function textOf(
  { operation, installationRow, project, host }: Proposal,
  stored: StoredPlan,
  report: PipelineReport,
): Promise<PullRequestText> {
  const base = await readPlanBase(host, project.repository, stored);
  return pullRequestText({
    operation,
    before: findRecord(base, project.appDir, installationRow) ?? null,
    options: installationRow.options,
    codeHost: project.codeHost,
    installation: installationRow.id,
    project: project.id,
    manifest: getConnector(installationRow.connector).manifest,
    alias: installationRow.alias,
    environment: installationRow.environment,
    facts: readProject(base, project.appDir),
    plan: stored.plan,
    contribution: stored.contribution,
    report,
  });
}

/**
 * Is a proposal's pull request merged? A squash or a rebase leaves no trace of our commit: then what came into the base
 * since it was planned is the proof.
 */
export async function isMerged(
  dependencies: ControlDependencies,
  of: Proposal,
  { state, base }: PullRequest,
): Promise<boolean> {
  if (state === 'merged') return true;
  const stored = await findPlan(dependencies.database, of);
  if (stored === undefined || base.commit === stored.baseCommit) return false;
  const isDoneAt = async (commit: string) =>
    isDoneIn(dependencies, of, await of.host.readSnapshot(of.project.repository, commit));
  return (await isDoneAt(base.commit)) && !(await isDoneAt(stored.baseCommit));
}

/** Has a tree what an operation brings: the ownership record is there, or is gone; of an update, nothing is left to do. */
export async function isDoneIn(
  dependencies: BundledSource & Pick<ControlDependencies, 'database'>,
  { operation, installationRow, project: { appDir } }: Proposal,
  tree: Snapshot,
): Promise<boolean> {
  if (operation !== 'update')
    return (findRecord(tree, appDir, installationRow) !== undefined) === (operation === 'install');
  try {
    const bundled = await readBundled(dependencies, installationRow, appDir, [tree]);
    const discoveredFor = await readDiscovered(dependencies, { operation, installation: installationRow, appDir });
    const asked = { ...installationRow, appDir, remove: false, bundled, discovered: discoveredFor(tree) };
    return makePlan(tree, '', asked).plan.status === 'nothing';
  } catch (error) {
    if (error instanceof GraftError && !isOutage(error.code)) return false;
    throw error;
  }
}
