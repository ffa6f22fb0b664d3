import type { ControlActivities, GeneratedPlan } from '../contract/activities.ts';
import type { FileChange } from '../contract/code-host.ts';
import type { Snapshot, StoredPlan } from '../contract/codegen.ts';
import { GraftError } from '../contract/errors.ts';
import { compareTrees } from '../codegen/compare-trees.ts';
import { synchronize } from '../codegen/synchronize.ts';
import { savePlan } from '../db/queries/plans.ts';
import { findPullRequest, savePullRequest } from '../db/queries/pull-requests.ts';
import type { ControlDependencies } from './dependencies.ts';
import { makePlan, planBytes, planFromBytes } from './make-plan.ts';
import { pipelineInput } from './pipeline-input.ts';
import { findOwnPullRequest } from './own-pull-request.ts';
import { rewriteText } from './peoples-draft.ts';
import { mergedFiles, readValidatedTree } from './plan-base.ts';
import { type Proposal, isDoneIn, proposalOf, textOf } from './proposal.ts';
import { readBundled } from './read-bundled.ts';
import { readDiscovered } from './read-discovered.ts';
import { readOriginals } from './read-originals.ts';
import { recordedStep, statusDuring } from './recorded-step.ts';
import { refuseSecrets } from './refuse-secrets.ts';
import { reportChecks } from './report-checks.ts';

type Synchronizing = Pick<ControlActivities, 'generateMerge' | 'synchronizeBranch'>;

/** Brings the base as it stands now into the branch of an open pull request: planned and validated before it is committed. */
export function createSynchronize(dependencies: ControlDependencies): Synchronizing {
  const { database, artifacts } = dependencies;

  return {
    async generateMerge({ head, ...of }) {
      const proposal = await proposalOf(dependencies, of);
      const { installationRow: installation, project } = proposal;
      const at = { installation: of.installation, step: 'generate', status: during(proposal) } as const;
      return recordedStep(database, at, async () => {
        const pullRequest = await findOwnPullRequest(database, proposal.host, project.repository, of);
        if (pullRequest === undefined)
          throw new GraftError('code_host_refused', `The pull request of ${proposal.branch} is gone: retry, or abort.`);
        const merge = await planMerge(dependencies, proposal, head, pullRequest.base.commit);
        if (merge === undefined) return { result: undefined };
        const { planned, snapshot } = merge;
        const artifact = await artifacts.put(project.id, planBytes(planned));
        const stored = { artifact, planHash: planned.plan.planHash, baseCommit: planned.baseCommit };
        const result: GeneratedPlan = {
          ...stored,
          nothing: false,
          manual: planned.plan.manual.length,
          pipeline: await pipelineInput(dependencies, { installation, project, snapshot, planned, artifact }),
        };
        return {
          result,
          facts: { planHash: stored.planHash, base: stored.baseCommit, head },
          write: (executor) => savePlan(executor, of, stored, planned.plan.nextSteps),
        };
      });
    },

    async synchronizeBranch({ head, plan, report, ...of }) {
      const proposal = await proposalOf(dependencies, of);
      const { project, host, installationRow } = proposal;
      const at = { installation: of.installation, step: 'pull_request', status: during(proposal) } as const;
      return recordedStep(database, at, async () => {
        const known = await findPullRequest(database, of);
        if (known === undefined)
          throw new GraftError('internal', `No pull request of ${of.installation} is kept: start the operation again.`);
        const stored = planFromBytes(await artifacts.get(project.id, plan.artifact));
        const text = await textOf(proposal, stored, report);
        await refuseSecrets(dependencies, installationRow, [text.title, text.body, stored.diff]);
        const tree = await readValidatedTree(dependencies, proposal, stored, report.lock);
        const commit = await commitMerge(proposal, head, stored, tree);
        const now = await rewriteText(host, project.repository, known.number, text);
        const validated = { installation: installationRow, project, number: known.number, commit };
        const checks = await reportChecks(dependencies, validated, report);
        return {
          result: { number: known.number, head: commit, draft: now.draft },
          facts: { number: known.number, head: commit, base: stored.baseCommit, draft: now.draft, ...checks },
          write: (transaction) => savePullRequest(transaction, of, now),
        };
      });
    },
  } satisfies Synchronizing;
}

/** Plans the merge of the pull request's own base, which need not be the default branch, into a head; undefined when the base has what the pull request brings, which is then merged. */
async function planMerge(dependencies: ControlDependencies, proposal: Proposal, head: string, base: string) {
  const { operation, installationRow, project, host } = proposal;
  const { repository, appDir } = project;
  const fork = await host.mergeBase(repository, head, base);
  const [headTree, forkTree, baseTree] = await Promise.all([
    host.readSnapshot(repository, head),
    host.readSnapshot(repository, fork),
    host.readSnapshot(repository, base),
  ]);
  const trees = [headTree, forkTree, baseTree];
  const originals = await readOriginals(proposal, installationRow, trees);
  const remove = operation === 'remove';
  const bundled = await readBundled(dependencies, { ...installationRow, remove }, appDir, trees);
  const discoveredFor = await readDiscovered(dependencies, { operation, installation: installationRow, appDir });
  const planOn = (tree: Snapshot) =>
    makePlan(tree, base, {
      ...installationRow,
      appDir,
      remove,
      originals,
      bundled,
      discovered: discoveredFor(tree),
    });
  const isDone = (tree: Snapshot) => isDoneIn(dependencies, proposal, tree);
  if ((await isDone(baseTree)) && !(await isDone(forkTree))) return undefined;
  const { connector, alias } = installationRow;
  const { merged, planned } = synchronize({
    head: headTree,
    fork: forkTree,
    base: baseTree,
    appDir,
    operation,
    connector,
    alias,
    planOn,
  });
  return { planned: { ...planned, merged: mergedFiles(baseTree, merged) }, snapshot: merged };
}

/** Commits a tree on the head: as a merge of the base, or as one more commit where the branch has the base already. */
async function commitMerge(
  { project, host, branch }: Proposal,
  head: string,
  { baseCommit }: StoredPlan,
  tree: Snapshot,
): Promise<string> {
  const { repository } = project;
  const isMerge = (await host.mergeBase(repository, head, baseCommit)) !== baseCommit;
  const onto = isMerge ? baseCommit : head;
  const changes: readonly FileChange[] = compareTrees(await host.readSnapshot(repository, onto), tree);
  if (!isMerge && changes.length === 0) return head;
  const { commit } = await host.commit({
    repository,
    branch,
    parents: isMerge ? [head, baseCommit] : [head],
    onto,
    expectedHead: head,
    changes,
    message: isMerge ? 'Merge the base branch' : 'Plan again on the same base',
  });
  return commit;
}

function during({ operation, installationRow }: Proposal) {
  return statusDuring(operation, installationRow.status);
}
