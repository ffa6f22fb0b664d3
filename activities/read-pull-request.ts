import type { ControlActivities } from '../contract/activities.ts';
import type { PersonsRequest, PullRequest } from '../contract/code-host.ts';
import type { StoredPlan } from '../contract/codegen.ts';
import { GraftError } from '../contract/errors.ts';
import { isSameFile } from '../codegen/merge-trees.ts';
import { readProject } from '../codegen/read-project.ts';
import { findPlan } from '../db/queries/plans.ts';
import { findPullRequest, savePullRequest } from '../db/queries/pull-requests.ts';
import { missingIn } from './check-head-tree.ts';
import type { ControlDependencies } from './dependencies.ts';
import { planFromBytes } from './make-plan.ts';
import { findOwnPullRequest } from './own-pull-request.ts';
import { type Proposal, isMerged, proposalOf } from './proposal.ts';

// The rest is heard when these are answered: anybody may comment on a public repository.
const heardAtOnce = 20;

type Reading = Pick<ControlActivities, 'readPullRequest' | 'answerRequest'>;

/** What is true of a pull request as the code host stands now, and what people asked for there. */
export function createReadPullRequest(dependencies: ControlDependencies): Reading {
  const { database, artifacts } = dependencies;

  return {
    async readPullRequest(of) {
      const proposal = await proposalOf(dependencies, of);
      const { project, host, branch } = proposal;
      const pullRequest = await findOwnPullRequest(database, host, project.repository, of);
      if (pullRequest === undefined)
        throw new GraftError('code_host_refused', `The pull request of ${branch} is gone: retry, or abort.`);
      const { number, head, base } = pullRequest;
      const state = (await isMerged(dependencies, proposal, pullRequest)) ? 'merged' : pullRequest.state;
      await savePullRequest(database, of, { ...pullRequest, state });
      const requests = state === 'open' ? heard(await host.readRequests(project.repository, number)) : [];
      const read = { state, head, base: base.commit, requests };

      const kept = await findPlan(database, of);
      if (state !== 'open' || kept === undefined) return { ...read, behind: false, manual: [] };
      const stored = planFromBytes(await artifacts.get(project.id, kept.artifact));
      return {
        ...read,
        behind: await isBehind(proposal, pullRequest, stored),
        manual: await missingEdits(proposal, pullRequest, stored),
      };
    },

    async answerRequest({ request, text, ...of }) {
      const { project, host } = await proposalOf(dependencies, of);
      const known = await findPullRequest(database, of);
      if (known === undefined)
        throw new GraftError('internal', `No pull request of ${of.installation} is kept: start the operation again.`);
      await host.answerRequest(project.repository, known.number, request, text);
    },
  } satisfies Reading;
}

/** What is heard at once: those who may write first, and of anybody else the newest of each. */
export function heard(requests: readonly PersonsRequest[]): readonly PersonsRequest[] {
  const obeyed = requests.filter(({ allowed }) => allowed);
  const others = requests.filter(({ allowed }) => !allowed);
  const newest = new Map(others.map((request) => [request.by, request]));
  return [...obeyed, ...newest.values()].slice(0, heardAtOnce);
}

/** Must the base be merged into the branch: it conflicts, or a file that our plan touches too changed in it? */
async function isBehind(
  { project, host }: Proposal,
  { head, base, mergeable }: PullRequest,
  { plan }: StoredPlan,
): Promise<boolean> {
  const { repository, appDir } = project;
  // The plan may be of a merge that was never committed: only the branch tells which base it has.
  const fork = await forkOf();
  if (fork === base.commit) return false;
  if (mergeable === false || fork === undefined) return true;
  const [before, now] = await Promise.all(
    [fork, base.commit].map(async (commit) => host.readSnapshot(repository, commit)),
  );
  if (before === undefined || now === undefined) return false;
  const lock = plan.changesLock ? [readProject(now, appDir).lockFile] : [];
  const shared = [...plan.files.map(({ path }) => path), ...lock];
  return shared.some((path) => !isSameFile(before.get(path), now.get(path)));

  async function forkOf(): Promise<string | undefined> {
    try {
      return await host.mergeBase(repository, head, base.commit);
    } catch (error) {
      // Merging them is what tells people that one was replaced.
      if (error instanceof GraftError && error.code === 'branch_conflict') return undefined;
      throw error;
    }
  }
}

async function missingEdits(
  { operation, project, host, installationRow }: Proposal,
  { head }: PullRequest,
  { plan }: StoredPlan,
): Promise<string[]> {
  if (plan.manual.length === 0 || operation === 'remove') return [];
  return missingIn(await host.readSnapshot(project.repository, head), project.appDir, installationRow);
}
