import { ApplicationFailure } from '@temporalio/common';
import type { BuildActivities, ControlActivities, GeneratedPlan } from '../../contract/activities.ts';
import type { Reason, Status } from '../../contract/closed-sets.ts';
import type { PersonsRequest } from '../../contract/code-host.ts';
import type { PipelineReport } from '../../contract/pipeline.ts';

type Activities = ControlActivities & BuildActivities;
export type ActivityName = keyof Activities;

let worlds = 0;

const report: PipelineReport = {
  steps: [],
  lock: undefined,
  lockRoundTrip: undefined,
  baseBroken: false,
  nativeBuild: undefined,
  seconds: 1,
  sandbox: 'none',
};

/** What the outside knows of one installation: the effects that a workflow has had, and the faults it still meets. */
export interface World {
  installation: string;
  submissions: Set<string>;
  version: 'none' | 'current' | 'destroyed';
  /** The submission that the current version was made from. */
  versionFrom: string;
  pullRequest: { state: 'open' | 'merged' | 'closed'; head: string; manual: string[] } | undefined;
  /** Head of the base, and whether the branch must have it. */
  base: string;
  behind: boolean;
  /** Heads that the next readings of the pull request still give. */
  stale: string[];
  /** The base has what the pull request brings. */
  brought: boolean;
  /** Commands at the pull request that have no answer yet, and the answers to others by their ids. */
  requests: PersonsRequest[];
  answers: Record<string, string>;
  published: boolean;
  status: Status;
  waiting: Reason | undefined;
  /** Names of the activities that ran, in order, those that failed included. */
  calls: ActivityName[];
  /** Arguments of the last call of each activity. */
  last: Partial<Record<ActivityName, unknown>>;
  /** What happens outside while an activity runs. */
  during: Partial<Record<ActivityName, () => unknown>>;
  /** The plan finds nothing to change. */
  nothing: boolean;
  statusBeforeRemoval: Status;
  /** The next calls of this activity fail, one after the other; with `late` after they had their effect. */
  fail(name: ActivityName, type: string, options?: { times?: number; late?: boolean; retryable?: boolean }): void;
  activities: Activities;
}

/** A world in which every activity works, has a visible effect, and can be told to fail. */
export function createWorld(): World {
  const submission = 'sub_first';
  worlds += 1;
  const installation = `ins_${process.pid}_${worlds}`;
  const faults: { name: ActivityName; type: string; late: boolean; retryable: boolean }[] = [];
  const plan = (): GeneratedPlan => ({
    artifact: 'plan',
    planHash: 'hash',
    baseCommit: 'base',
    nothing: world.nothing,
    manual: 0,
    pipeline: {
      project: 'prj_1',
      installation,
      trusted: false,
      appDir: '',
      packageManager: 'npm',
      lockFile: '',
      baseArchive: '',
      plan: '',
      changesLock: false,
      publicKeys: [],
      serverChecks: [],
      simulators: [],
      headArchive: undefined,
    },
  });

  const effects: Activities = {
    describeCodeHost: () => Promise.reject(new Error('not part of an installation')),
    answerReopened: () => Promise.reject(new Error('not part of an installation')),
    inspectProject: () => Promise.reject(new Error('not part of an installation')),
    planInstallation: () => Promise.reject(new Error('not part of an installation')),
    testSubmission: () => Promise.reject(new Error('not part of an installation')),
    testInstallation: () => Promise.reject(new Error('not part of an installation')),
    detectDrift: () => Promise.reject(new Error('not part of an installation')),
    reconcile: () => Promise.reject(new Error('not part of an installation')),
    async validate() {
      world.status = 'running';
    },
    testCredentials: async () => ({ account: 'acct', mode: 'test', notes: [] }),
    async encrypt(input) {
      if (world.submissions.delete(input.submission)) world.versionFrom = input.submission;
      world.version = 'current';
      return { version: 'ver_1' };
    },
    async destroyVersion() {
      if (world.version !== 'none') world.version = 'destroyed';
    },
    generate: async () => plan(),
    checkHead: async () => plan(),
    runPipeline: async () => report,
    recordPipeline: async () => undefined,
    async openPullRequest() {
      world.pullRequest ??= { state: 'open', head: 'ours', manual: [] };
      if (world.status === 'running') world.status = 'in_review';
      return { number: 1, head: world.pullRequest.head, draft: false };
    },
    async updatePullRequest(input) {
      return { number: 1, head: input.head, draft: false };
    },
    async readPullRequest() {
      if (world.pullRequest === undefined) throw new Error('no pull request');
      const { base, behind, requests } = world;
      const head = world.stale.shift() ?? world.pullRequest.head;
      return { ...world.pullRequest, head, base, behind, requests: [...requests] };
    },
    generateMerge: async () => (world.brought || world.pullRequest?.state === 'merged' ? undefined : plan()),
    async synchronizeBranch(input) {
      if (world.pullRequest?.head !== input.head)
        throw ApplicationFailure.nonRetryable('The branch moved.', 'code_host_refused');
      world.pullRequest.head = `${input.head}+${world.base}`;
      world.behind = false;
      return { number: 1, head: world.pullRequest.head, draft: false };
    },
    async answerRequest({ request, text }) {
      world.requests = world.requests.filter(({ id }) => id !== request);
      world.answers[request] = text;
    },
    async closePullRequest() {
      if (world.pullRequest?.state === 'merged') return { merged: true };
      if (world.pullRequest !== undefined) world.pullRequest.state = 'closed';
      return { merged: false };
    },
    async activate() {
      world.published = true;
      world.status = 'active';
    },
    async applyUpdate() {
      world.status = 'active';
    },
    async unpublishValues() {
      world.published = false;
    },
    async deactivate(input) {
      world.status = input.status;
      world.submissions.clear();
    },
    async restore() {
      world.status = world.statusBeforeRemoval;
      return { status: world.status };
    },
    async recordWait(input) {
      world.status = input.status;
      world.waiting = input.reason;
    },
  };

  function withFaults<Name extends ActivityName>(name: Name): Activities[Name] {
    const effect = effects[name] as (input: unknown) => Promise<unknown>;
    const run = async (input: unknown): Promise<unknown> => {
      world.calls.push(name);
      world.last[name] = input;
      await world.during[name]?.();
      const index = faults.findIndex((fault) => fault.name === name);
      const [fault] = index < 0 ? [] : faults.splice(index, 1);
      if (fault?.late) await effect(input);
      if (fault !== undefined)
        throw ApplicationFailure.create({
          message: `made to fail: ${fault.type}`,
          type: fault.type,
          nonRetryable: !fault.retryable,
        });
      return effect(input);
    };
    return run as Activities[Name];
  }

  const world: World = {
    installation,
    submissions: new Set([submission]),
    version: 'none',
    versionFrom: '',
    pullRequest: undefined,
    base: 'base',
    behind: false,
    stale: [],
    brought: false,
    requests: [],
    answers: {},
    published: false,
    status: 'queued',
    waiting: undefined,
    calls: [],
    last: {},
    during: {},
    nothing: false,
    statusBeforeRemoval: 'active',
    fail(name, type, { times = 1, late = false, retryable = false } = {}) {
      for (let count = 0; count < times; count += 1) faults.push({ name, type, late, retryable });
    },
    activities: Object.fromEntries(
      (Object.keys(effects) as ActivityName[]).map((name) => [name, withFaults(name)]),
    ) as unknown as Activities,
  };
  return world;
}
