import type { CodeOperation, ControlActivities, PlannedArtifact } from '../contract/activities.ts';
import type { PullRequest, PullRequestText } from '../contract/code-host.ts';
import type { Snapshot } from '../contract/codegen.ts';
import type { PipelineReport } from '../contract/pipeline.ts';
import { GraftError } from '../contract/errors.ts';
import { compareTrees } from '../codegen/compare-trees.ts';
import { getConnector } from '../connectors/index.ts';
import { findPlan } from '../db/queries/plans.ts';
import { findClaim } from '../db/queries/operations.ts';
import { findPullRequest, savePullRequest } from '../db/queries/pull-requests.ts';
import { recordProgress } from '../db/queries/progress.ts';
import { assumedOfAbsent } from './absent-repository.ts';
import { missingIn } from './check-head-tree.ts';
import type { ControlDependencies } from './dependencies.ts';
import { endLeftChecks } from './end-left-checks.ts';
import { planFromBytes } from './make-plan.ts';
import { deleteIfOurs, findOwnPullRequest } from './own-pull-request.ts';
import { isPeoplesDraft, rewriteText } from './peoples-draft.ts';
import { prose } from './markdown.ts';
import { readValidatedTree } from './plan-base.ts';
import { verbOf } from './pull-request-text.ts';
import { type Proposal, isMerged, proposalOf, textOf } from './proposal.ts';
import { recordedStep, statusDuring, statusInReview } from './recorded-step.ts';
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
        const change = await readChange(dependencies, proposal, planned, report);
        const earlier = await findOwnPullRequest(database, host, project.repository, of);
        const pullRequest =
          earlier === undefined
            ? await propose(proposal, change)
            : earlier.state === 'open'
              ? await completeEarlier(proposal, change, earlier)
              : earlier;
        const { number, draft, head } = pullRequest;
        // What people pushed meanwhile, or what was planned at another base, is validated next and gets checks of its own.
        const isValidated =
          earlier === undefined ||
          (pullRequest.state === 'open' && (await isWhatWasValidated(proposal, change, pullRequest)));
        const validated = { installation: installationRow, project, number, commit: head };
        const checks = isValidated ? await reportChecks(dependencies, validated, report) : {};
        return {
          result: { number, draft, head: isValidated ? head : '' },
          status: statusInReview(of.operation),
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
      await refuseSecrets(dependencies, proposal.installationRow, [text.title, text.body]);
      const now = await rewriteText(host, project.repository, known.number, text);
      await savePullRequest(database, of, now);
      await recordProgress(database, {
        installation: of.installation,
        step: 'pull_request',
        status: statusInReview(of.operation),
        event: 'done',
        data: { facts: { number: known.number, head, draft: now.draft } },
      });
      return { number: known.number, head: now.head, draft: now.draft };
    },

    async closePullRequest({ why, ...of }) {
      const proposal = await proposalOf(dependencies, of);
      try {
        return { merged: (await takeBack(proposal, why)) === 'merged' };
      } catch (error) {
        if (!(error instanceof GraftError) || error.code !== 'not_found') throw error;
        // With the repository the pull request is gone, and an undo must come to its end; a merge that was seen stays one.
        const assumed = await assumedOfAbsent(proposal.host, proposal.project.repository);
        if (assumed !== undefined) await recordAssumed(of, `${assumed} Nothing was taken back there.`);
        const known = await findPullRequest(database, of);
        const claim = await findClaim(database, of.installation);
        const isOfThis = known !== undefined && (claim === undefined || known.createdAt >= claim.createdAt);
        return { merged: isOfThis && known.state === 'merged' };
      }
    },
  } satisfies Proposing;

  async function recordAssumed({ installation, operation }: CodeOperation, pullRequest: string): Promise<void> {
    const status = ({ install: 'undoing', update: 'active', remove: 'removing' } as const)[operation];
    const at = { installation, step: 'deactivate', status } as const;
    await recordProgress(database, { ...at, event: 'undone', data: { facts: { pullRequest } } });
  }

  async function takeBack(proposal: Proposal, why: string): Promise<'merged' | 'closed'> {
    const { project, host, branch } = proposal;
    const found = await findOwnPullRequest(database, host, project.repository, proposal);
    if (found !== undefined) {
      if (await isMerged(dependencies, proposal, found)) return 'merged';
      const closed = await host.closePullRequest(project.repository, found.number, prose(why));
      await savePullRequest(database, proposal, closed);
      if (closed.state === 'merged') return 'merged';
      await endLeftChecks(dependencies, proposal, 'taken back');
    }
    await deleteIfOurs(host, project.repository, branch);
    return 'closed';
  }
}

/** What was planned and validated, and how a pull request says it. */
interface ValidatedChange {
  baseCommit: string;
  tree: Snapshot;
  text: PullRequestText;
}

async function readChange(
  dependencies: ControlDependencies,
  proposal: Proposal,
  planned: PlannedArtifact,
  report: PipelineReport,
): Promise<ValidatedChange> {
  const { project, installationRow } = proposal;
  const stored = planFromBytes(await dependencies.artifacts.get(project.id, planned.artifact));
  const text = await textOf(proposal, stored, report);
  await refuseSecrets(dependencies, installationRow, [text.title, text.body, stored.diff]);
  const tree = await readValidatedTree(dependencies, proposal, stored, report.lock);
  return { baseCommit: stored.baseCommit, tree, text };
}

async function propose(proposal: Proposal, { baseCommit, tree, text }: ValidatedChange): Promise<PullRequest> {
  const { project, host, branch, operation, installationRow } = proposal;
  const { manifest } = getConnector(installationRow.connector);
  const changes = compareTrees(await host.readSnapshot(project.repository, baseCommit), tree);
  const commit = () =>
    host.commit({
      repository: project.repository,
      branch,
      parents: [baseCommit],
      onto: baseCommit,
      expectedHead: null,
      changes,
      message: `${verbOf[operation]} ${manifest.name}`,
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

/** Brings an open pull request of an earlier try to what it says of its head, with all labels. */
async function completeEarlier(
  proposal: Proposal,
  change: ValidatedChange,
  earlier: PullRequest,
): Promise<PullRequest> {
  const { project, host } = proposal;
  const { body, draft } = earlier;
  const { text } = change;
  // Of another head this text is not true: it stays until that is validated.
  const said = (await isWhatWasValidated(proposal, change, earlier))
    ? { ...text, draft: text.draft || isPeoplesDraft(earlier) }
    : { ...text, body, draft };
  await host.updatePullRequest(project.repository, earlier.number, said);
  return host.readPullRequest(project.repository, earlier.number);
}

async function isWhatWasValidated(
  { project, host }: Proposal,
  { tree }: ValidatedChange,
  { head, ours }: PullRequest,
): Promise<boolean> {
  return ours && compareTrees(await host.readSnapshot(project.repository, head), tree).length === 0;
}
