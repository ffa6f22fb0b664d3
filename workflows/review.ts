import { sleep, workflowInfo } from '@temporalio/workflow';
import type { CodeChange } from '../contract/closed-sets.ts';
import type { ReadPullRequest } from '../contract/activities.ts';
import type { FailedHead, ReviewState } from '../contract/workflows.ts';
import { type PersonsMatter, ended, personsMatterOf } from './failures.ts';
import { obeyRequests } from './obey-requests.ts';
import type { Operation } from './operation.ts';
import { forward } from './policies.ts';
import { validateHead, validateMerge } from './validate-change.ts';

const minute = 60 * 1000;
const poll = 6 * 60 * minute;
// A burst of changes costs a few reads at once, a busy repository no more than one a minute.
const readsAtOnce = 5;

// For a moment after a commit of ours, a code host may still give the head before it.
const staleReads = 6;
const staleSeconds = '5 seconds';

/**
 * Waits days for the merge, validates what people push meanwhile, merges a base that moved, and obeys people's commands.
 * Throws when it is declined or aborted, or the deadline comes.
 */
export async function waitForMerge(
  operation: Operation,
  kind: CodeChange,
  carried: Omit<ReviewState, 'deadline'>,
  continueAsNew: (state: ReviewState) => Promise<never>,
): Promise<void> {
  const { installation } = operation.input;
  let { head, failed, unmerged, regenerating = false } = carried;
  const told = new Set(carried.told);
  let followed: string | undefined;
  let synchronized: Pick<FailedHead, 'head' | 'base'> | undefined;
  let reads = readsAtOnce;
  let lastRead = Date.now();

  for (;;) {
    // Whoever answers while it is being read may have changed what this read does not show.
    const isAnswered = operation.takeAnswer();
    const read = await readNow();
    if (read.state === 'merged') return;
    if (read.state === 'closed') throw ended('declined', 'The pull request was closed without a merge.');
    const asked = await obeyRequests(operation, kind, read.requests, told);
    if (Date.now() >= operation.deadline)
      throw ended('expired', 'The pull request was not merged before the deadline.');
    // What failed is tried again when somebody answers, not for whatever else moves in the repository.
    if (isAnswered || asked !== undefined) failed = unmerged = synchronized = undefined;
    if (asked === 'retry') head = '';
    if (asked === 'regenerate') regenerating = true;

    if (failed?.head !== read.head) failed = undefined;
    if (unmerged?.head !== read.head || unmerged.base !== read.base) unmerged = undefined;
    const isSynchronized = synchronized?.head === read.head && synchronized.base === read.base;
    if (read.behind && isSynchronized) unmerged ??= { head: read.head, base: read.base, matter: stillBehind };
    if ((regenerating || read.behind) && unmerged === undefined) {
      const end = await trySynchronizing(read);
      if (end === 'merged') return;
      if (end === undefined) continue;
      unmerged = { head: read.head, base: read.base, matter: end };
    }
    if (read.head !== head && failed?.head !== read.head) {
      const matter = await tryHead(read.head);
      failed = matter && { head: read.head, base: read.base, matter };
      // After a failure the pull request says that it is not validated, also for a branch that is set back.
      head = matter === undefined ? read.head : '';
      if (matter !== undefined) await operation.show(matter);
      // Validation takes its time: what happened meanwhile is read at once.
      continue;
    }
    await operation.show(failed?.matter ?? unmerged?.matter ?? manualEdits(read));

    if (workflowInfo().continueAsNewSuggested) {
      if (operation.takeAnswer()) failed = unmerged = undefined;
      const { deadline } = operation;
      await continueAsNew({ head, deadline, failed, unmerged, regenerating, told: [...told] });
    }
    await operation.waitForNews(Math.min(operation.deadline, Date.now() + poll));
    if (reads < 1) await operation.rest((1 - reads) * minute);
  }

  async function readNow(): Promise<ReadPullRequest> {
    for (let stale = 0; ; stale += 1) {
      operation.forgetNews();
      const read = await operation.attempt(() => forward.readPullRequest({ installation, operation: kind }));
      reads = Math.min(readsAtOnce, reads + (Date.now() - lastRead) / minute) - 1;
      lastRead = Date.now();
      if (read.state !== 'open' || read.head !== followed) return read;
      // By now somebody has set the branch back.
      if (stale === staleReads) followed = undefined;
      else await sleep(staleSeconds, { summary: 'the code host does not show our commit yet' });
    }
  }

  /**
   * Merges the base into the branch, whose head is then validated; gives what people must do when it cannot be done, or
   * `merged` when the base has what the pull request brings.
   */
  async function trySynchronizing(read: ReadPullRequest): Promise<PersonsMatter | 'merged' | undefined> {
    let isMerged = false;
    const matter = await peoplesMatterIn(async () => {
      const change = await operation.outlast(() => validateMerge(operation, kind, read.head));
      isMerged = change === undefined;
      if (change === undefined) return;
      const { plan, report } = change;
      const merge = { installation, operation: kind, head: read.head, plan, report };
      ({ head } = await operation.outlast(() => forward.synchronizeBranch(merge)));
      regenerating = false;
      failed = undefined;
      followed = head === read.head ? undefined : read.head;
      synchronized = { head, base: read.base };
    });
    if (isMerged) return 'merged';
    if (matter?.reason !== 'code_host_refused') return matter;
    // Somebody pushed meanwhile: nothing was written, and the branch is looked at anew.
    const now = await readNow();
    if (now.state === 'open' && now.head === read.head) return matter;
    await operation.announce('pull_request');
    return undefined;
  }

  async function tryHead(pushed: string): Promise<PersonsMatter | undefined> {
    return peoplesMatterIn(async () => {
      const report = await operation.outlast(() => validateHead(operation, kind, pushed));
      const update = { installation, operation: kind, head: pushed, report };
      await operation.outlast(() => forward.updatePullRequest(update));
    });
  }

  async function peoplesMatterIn(work: () => Promise<void>): Promise<PersonsMatter | undefined> {
    operation.hide();
    try {
      await work();
      return undefined;
    } catch (error) {
      const matter = personsMatterOf(error);
      if (matter === undefined) throw error;
      return matter;
    } finally {
      operation.enter('pull_request');
    }
  }
}

const stillBehind: PersonsMatter = {
  reason: 'branch_conflict',
  message: 'The base was merged into the branch, which still does not go into it: merge it there yourself, or retry.',
};

function manualEdits({ manual }: ReadPullRequest): PersonsMatter | undefined {
  return manual.length > 0 ? { reason: 'manual_edit_needed', message: manual.join(' ') } : undefined;
}
