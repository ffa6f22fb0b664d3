import type { CodeOperation, ControlActivities, PlannedArtifact } from '../contract/activities.ts';
import type { ProjectFacts, StoredPlan } from '../contract/codegen.ts';
import type { CodeHost, FileChange, PullRequest, PullRequestText } from '../contract/code-host.ts';
import type { PipelineReport } from '../contract/pipeline.ts';
import { GraftError } from '../contract/errors.ts';
import { branchName } from '../contract/ids.ts';
import { getConnector } from '../connectors/index.ts';
import { getInstallationWithProject } from '../db/queries/installations.ts';
import { findPlan } from '../db/queries/plans.ts';
import { findPullRequest, savePullRequest } from '../db/queries/pull-requests.ts';
import { recordProgress } from '../db/queries/progress.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';
import { readProject } from '../codegen/read-project.ts';
import { hasRecord, missingIn } from './check-head-tree.ts';
import type { ControlDependencies } from './dependencies.ts';
import { planFromBytes } from './make-plan.ts';
import { deleteIfOurs, findOwnPullRequest } from './own-pull-request.ts';
import { prose } from './markdown.ts';
import { pullRequestText } from './pull-request-text.ts';
import { recordedStep, statusDuring } from './recorded-step.ts';
import { refuseSecrets } from './refuse-secrets.ts';
import { reportChecks } from './report-checks.ts';

type Proposing = Pick<
  ControlActivities,
  'openPullRequest' | 'updatePullRequest' | 'readPullRequest' | 'closePullRequest'
>;

interface Proposal extends CodeOperation {
  installationRow: Installation;
  project: Project;
  host: CodeHost;
  branch: string;
}

/** Step 6: one commit by compare-and-set, the pull request with its evidence, what became of it; and its undo. */
export function createPullRequest(dependencies: ControlDependencies): Proposing {
  const { database, codeHosts, artifacts } = dependencies;

  async function proposalOf(of: CodeOperation): Promise<Proposal> {
    const { installation: row, project } = await getInstallationWithProject(database, of.installation);
    const branch = branchName(of.operation, of.installation);
    return { ...of, installationRow: row, project, host: codeHosts[project.codeHost], branch };
  }

  async function keep(of: CodeOperation, pullRequest: PullRequest): Promise<void> {
    await savePullRequest(database, of, pullRequest);
  }

  async function planOf(project: Project, artifact: string): Promise<StoredPlan> {
    return planFromBytes(await artifacts.get(project.id, artifact));
  }

  return {
    async openPullRequest({ plan: planned, report, ...of }) {
      const proposal = await proposalOf(of);
      const { project, host, installationRow } = proposal;
      const status = statusDuring(of.operation, installationRow.status);
      return recordedStep(database, { installation: of.installation, step: 'pull_request', status }, async () => {
        const earlier = await findOwnPullRequest(database, host, project.repository, of);
        const pullRequest = earlier ?? (await propose(dependencies, proposal, planned, report));
        const { number, draft, head, ours } = pullRequest;
        // Commits that people pushed meanwhile are validated next, and get checks of their own.
        const validated = { installation: installationRow, project, number, commit: head };
        const checks = ours ? await reportChecks(dependencies, validated, report) : {};
        return {
          result: { number, draft, head: ours ? head : '' },
          status: of.operation === 'install' ? 'in_review' : 'removing',
          facts: { number: pullRequest.number, url: pullRequest.url, draft: pullRequest.draft, ...checks },
          write: (transaction) => savePullRequest(transaction, of, pullRequest),
        };
      });
    },

    async updatePullRequest({ head, report, ...of }) {
      const proposal = await proposalOf(of);
      const { project, host } = proposal;
      const stored = await findPlan(database, of);
      const known = await findPullRequest(database, of);
      if (stored === undefined || known === undefined)
        throw new GraftError('internal', `No pull request of ${of.installation} is kept: start the operation again.`);
      const snapshot = await host.readSnapshot(project.repository, head);
      const { appDir } = project;
      const missing = of.operation === 'remove' ? [] : missingIn(snapshot, appDir, proposal.installationRow);
      const plan = await planOf(project, stored.artifact);
      const left = { ...plan, plan: { ...plan.plan, manual: missing.length === 0 ? [] : plan.plan.manual } };
      const text = textOf(proposal, left, await factsOf(proposal, stored.baseCommit), report);
      await host.updatePullRequest(project.repository, known.number, text);
      const now = await host.readPullRequest(project.repository, known.number);
      await keep(of, now);
      await recordProgress(database, {
        installation: of.installation,
        step: 'pull_request',
        status: of.operation === 'install' ? 'in_review' : 'removing',
        event: 'done',
        data: { facts: { number: known.number, head, draft: text.draft } },
      });
      return { number: known.number, head: now.head, draft: now.draft };
    },

    async readPullRequest(of) {
      const proposal = await proposalOf(of);
      const { project, host, branch, installationRow } = proposal;
      const pullRequest = await findOwnPullRequest(database, host, project.repository, of);
      if (pullRequest === undefined)
        throw new GraftError('code_host_refused', `The pull request of ${branch} is gone: retry, or abort.`);
      const merged = await isMerged(proposal, pullRequest);
      await keep(of, merged ? { ...pullRequest, state: 'merged' } : pullRequest);

      const stored = await findPlan(database, of);
      const plan = stored === undefined ? undefined : await planOf(project, stored.artifact);
      const asksPeople = (plan?.plan.manual.length ?? 0) > 0 && of.operation === 'install' && !merged;
      const manual = asksPeople
        ? missingIn(await host.readSnapshot(project.repository, pullRequest.head), project.appDir, installationRow)
        : [];
      return {
        state: merged ? 'merged' : pullRequest.state,
        head: pullRequest.head,
        mergeable: pullRequest.mergeable,
        manual,
      };
    },

    async closePullRequest({ why, ...of }) {
      const proposal = await proposalOf(of);
      try {
        return { merged: (await takeBack(proposal, why)) === 'merged' };
      } catch (error) {
        // With the repository the pull request is gone, and an undo must come to its end.
        if (error instanceof GraftError && error.code === 'not_found') return { merged: false };
        throw error;
      }
    },
  } satisfies Proposing;

  async function takeBack(proposal: Proposal, why: string): Promise<'merged' | 'closed'> {
    const { project, host, branch } = proposal;
    const found = await findOwnPullRequest(database, host, project.repository, proposal);
    if (found !== undefined) {
      if (await isMerged(proposal, found)) return 'merged';
      const closed = await host.closePullRequest(project.repository, found.number, prose(why));
      await keep(proposal, closed);
      if (closed.state === 'merged') return 'merged';
    }
    await deleteIfOurs(host, project.repository, branch);
    return 'closed';
  }

  // A squash or a rebase leaves no trace of our commit: then the ownership record at the base head is the proof.
  async function isMerged(of: Proposal, { state, base }: PullRequest): Promise<boolean> {
    if (state === 'merged') return true;
    const stored = await findPlan(database, of);
    if (stored === undefined || base.commit === stored.baseCommit) return false;
    const snapshot = await of.host.readSnapshot(of.project.repository, base.commit);
    return hasRecord(snapshot, of.project.appDir, of.installationRow) === (of.operation === 'install');
  }
}

async function propose(
  dependencies: ControlDependencies,
  proposal: Proposal,
  planned: PlannedArtifact,
  report: PipelineReport,
): Promise<PullRequest> {
  const { artifacts } = dependencies;
  const { project, host, branch, operation, installationRow } = proposal;
  const stored = planFromBytes(await artifacts.get(project.id, planned.artifact));
  const facts = await factsOf(proposal, stored.baseCommit);
  const text = textOf(proposal, stored, facts, report);
  await refuseSecrets(dependencies, installationRow, [text.title, text.body, stored.diff]);

  const changes: FileChange[] = stored.plan.files.map(({ path, mode, text: after }) => ({
    path,
    mode,
    bytes: after === null ? null : Buffer.from(after),
  }));
  if (report.lock !== undefined)
    changes.push({ path: facts.lockFile, mode: '100644', bytes: await artifacts.get(project.id, report.lock) });
  const { manifest } = getConnector(installationRow.connector);
  const commit = () =>
    host.commit({
      repository: project.repository,
      branch,
      parents: [stored.baseCommit],
      onto: stored.baseCommit,
      expectedHead: null,
      changes,
      message: operation === 'install' ? `Add ${manifest.name}` : `Remove ${manifest.name}`,
    });
  try {
    await commit();
  } catch (error) {
    // A branch without a pull request is what a lost try left at another base; people's commits on it stay.
    if (!(error instanceof GraftError) || error.code !== 'code_host_refused') throw error;
    if (!(await deleteIfOurs(host, project.repository, branch))) throw error;
    await commit();
  }
  return host.openPullRequest(project.repository, branch, text);
}

async function factsOf({ project, host }: Proposal, commit: string): Promise<ProjectFacts> {
  return readProject(await host.readSnapshot(project.repository, commit), project.appDir);
}

function textOf(
  { operation, installationRow, project }: Proposal,
  stored: StoredPlan,
  facts: ProjectFacts,
  report: PipelineReport,
): PullRequestText {
  return pullRequestText({
    operation,
    codeHost: project.codeHost,
    installation: installationRow.id,
    project: project.id,
    manifest: getConnector(installationRow.connector).manifest,
    alias: installationRow.alias,
    environment: installationRow.environment,
    facts,
    plan: stored.plan,
    contribution: stored.contribution,
    report,
  });
}
