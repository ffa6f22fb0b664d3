import type { CodeOperation } from '../contract/activities.ts';
import type { CodeHost, PullRequest, PullRequestText } from '../contract/code-host.ts';
import type { StoredPlan } from '../contract/codegen.ts';
import type { PipelineReport } from '../contract/pipeline.ts';
import { branchName } from '../contract/ids.ts';
import { readProject } from '../codegen/read-project.ts';
import { findRecord } from '../codegen/records.ts';
import { getConnector } from '../connectors/index.ts';
import { getInstallationWithProject } from '../db/queries/installations.ts';
import { findPlan } from '../db/queries/plans.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';
import type { ControlDependencies } from './dependencies.ts';
import { readPlanBase } from './plan-base.ts';
import { pullRequestText } from './pull-request-text.ts';

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
  const { installation: installationRow, project } = await getInstallationWithProject(database, installation);
  const branch = branchName(operation, installation);
  return { installation, operation, installationRow, project, host: codeHosts[project.codeHost], branch };
}

/** Title and body of a proposal's pull request, with what was found by validating its plan. */
export async function textOf(
  { operation, installationRow, project, host }: Proposal,
  stored: StoredPlan,
  report: PipelineReport,
): Promise<PullRequestText> {
  return pullRequestText({
    operation,
    codeHost: project.codeHost,
    installation: installationRow.id,
    project: project.id,
    manifest: getConnector(installationRow.connector).manifest,
    alias: installationRow.alias,
    environment: installationRow.environment,
    facts: readProject(await readPlanBase(host, project.repository, stored), project.appDir),
    plan: stored.plan,
    contribution: stored.contribution,
    report,
  });
}

/**
 * Is a proposal's pull request merged? A squash or a rebase leaves no trace of our commit: then the ownership record that
 * came into the base, or went, since it was planned is the proof.
 */
export async function isMerged(
  { database }: Pick<ControlDependencies, 'database'>,
  of: Proposal,
  { state, base }: PullRequest,
): Promise<boolean> {
  if (state === 'merged') return true;
  const stored = await findPlan(database, of);
  if (stored === undefined || base.commit === stored.baseCommit) return false;
  const hasRecord = async (commit: string) => {
    const snapshot = await of.host.readSnapshot(of.project.repository, commit);
    return findRecord(snapshot, of.project.appDir, of.installationRow) !== undefined;
  };
  const isThere = await hasRecord(base.commit);
  return isThere === (of.operation === 'install') && isThere !== (await hasRecord(stored.baseCommit));
}
