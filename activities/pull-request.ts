import type { ControlActivities, PlannedArtifact } from '../contract/activities.ts';
import type { FileChange, PullRequest } from '../contract/code-host.ts';
import type { PipelineReport } from '../contract/pipeline.ts';
import { GraftError } from '../contract/errors.ts';
import { readProject } from '../codegen/read-project.ts';
import { getConnector } from '../connectors/index.ts';
import { findPlan } from '../db/queries/plans.ts';
import { findPullRequest, savePullRequest } from '../db/queries/pull-requests.ts';
import { recordProgress } from '../db/queries/progress.ts';
import { missingIn } from './check-head-tree.ts';
import type { ControlDependencies } from './dependencies.ts';
import { planFromBytes } from './make-plan.ts';
import { deleteIfOurs, findOwnPullRequest } from './own-pull-request.ts';
import { prose } from './markdown.ts';
import { readPlanBase } from './plan-base.ts';
import { type Proposal, isMerged, proposalOf, textOf } from './proposal.ts';
import { recordedStep, statusDuring } from './recorded-step.ts';
import { refuseSecrets } from './refuse-secrets.ts';
import { reportChecks } from './report-checks.ts';

type Proposing = Pick<ControlActivities, 'openPullRequest' | 'updatePullRequest' | 'closePullRequest'>;

/** Step 6: one commit by compare-and-set and the pull request with its evidence; and its undo. */
export function createPullRequest(dependencies: ControlDependencies): Proposing {
  const { database, artifacts } = dependencies;

  return {
    async openPullRequest({ plan: planned, report, ...of }) {
      const proposal = await proposalOf(dependencies, of);
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
      const proposal = await proposalOf(dependencies, of);
      const { project, host } = proposal;
      const stored = await findPlan(database, of);
      const known = await findPullRequest(database, of);
      if (stored === undefined || known === undefined)
        throw new GraftError('internal', `No pull request of ${of.installation} is kept: start the operation again.`);
      const snapshot = await host.readSnapshot(project.repository, head);
      const { appDir } = project;
      const missing = of.operation === 'remove' ? [] : missingIn(snapshot, appDir, proposal.installationRow);
      const plan = planFromBytes(await artifacts.get(project.id, stored.artifact));
      const left = { ...plan, plan: { ...plan.plan, manual: missing.length === 0 ? [] : plan.plan.manual } };
      const text = await textOf(proposal, left, report);
      await host.updatePullRequest(project.repository, known.number, text);
      const now = await host.readPullRequest(project.repository, known.number);
      await savePullRequest(database, of, now);
      await recordProgress(database, {
        installation: of.installation,
        step: 'pull_request',
        status: of.operation === 'install' ? 'in_review' : 'removing',
        event: 'done',
        data: { facts: { number: known.number, head, draft: text.draft } },
      });
      return { number: known.number, head: now.head, draft: now.draft };
    },

    async closePullRequest({ why, ...of }) {
      const proposal = await proposalOf(dependencies, of);
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
      if (await isMerged(dependencies, proposal, found)) return 'merged';
      const closed = await host.closePullRequest(project.repository, found.number, prose(why));
      await savePullRequest(database, proposal, closed);
      if (closed.state === 'merged') return 'merged';
    }
    await deleteIfOurs(host, project.repository, branch);
    return 'closed';
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
  const text = await textOf(proposal, stored, report);
  await refuseSecrets(dependencies, installationRow, [text.title, text.body, stored.diff]);

  const changes: FileChange[] = stored.plan.files.map(({ path, mode, text: after }) => ({
    path,
    mode,
    bytes: after === null ? null : Buffer.from(after),
  }));
  if (report.lock !== undefined) {
    const { lockFile } = readProject(await readPlanBase(host, project.repository, stored), project.appDir);
    changes.push({ path: lockFile, mode: '100644', bytes: await artifacts.get(project.id, report.lock) });
  }
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
