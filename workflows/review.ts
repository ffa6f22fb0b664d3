import { workflowInfo } from '@temporalio/workflow';
import type { ReadPullRequest } from '../contract/activities.ts';
import type { ReviewState } from '../contract/workflows.ts';
import { type PersonsMatter, ended, personsMatterOf } from './failures.ts';
import type { Operation } from './operation.ts';
import { forward } from './policies.ts';
import { validateHead } from './validate-change.ts';

const minute = 60 * 1000;
const poll = 6 * 60 * minute;
// A burst of changes costs a few reads at once, a busy repository no more than one a minute.
const readsAtOnce = 5;

/** Waits days for the merge, and validates what people push meanwhile. Throws when it is declined or the deadline comes. */
export async function waitForMerge(
  operation: Operation,
  kind: 'install' | 'remove',
  validatedHead: string,
  continueAsNew: (state: ReviewState) => Promise<never>,
): Promise<void> {
  const { installation } = operation.input;
  let head = validatedHead;
  let failed: { head: string; matter: PersonsMatter } | undefined;
  let reads = readsAtOnce;
  let lastRead = Date.now();

  for (;;) {
    const read = await operation.attempt(() => forward.readPullRequest({ installation, operation: kind }));
    reads = Math.min(readsAtOnce, reads + (Date.now() - lastRead) / minute) - 1;
    lastRead = Date.now();
    if (read.state === 'merged') return;
    if (read.state === 'closed') throw ended('declined', 'The pull request was closed without a merge.');
    if (Date.now() >= operation.deadline)
      throw ended('expired', 'The pull request was not merged before the deadline.');

    // A head that failed is tried again when somebody answers, not for whatever else moves in the repository.
    const knownToFail = failed?.head === read.head && operation.waits;
    if (read.head !== head && !knownToFail) {
      const matter = await tryHead(read.head);
      failed = matter === undefined ? undefined : { head: read.head, matter };
      // After a failure the pull request says that it is not validated, also for a branch that is set back.
      head = failed === undefined ? read.head : '';
      if (failed !== undefined) await operation.show(failed.matter);
      // Validation takes its time: what happened meanwhile is read at once.
      continue;
    }
    await operation.show(failed?.matter ?? whatPeopleShouldDo(read));

    if (workflowInfo().continueAsNewSuggested) await continueAsNew({ head, deadline: operation.deadline });
    await operation.waitForNews(Math.min(operation.deadline, Date.now() + poll));
    if (reads < 1) await operation.rest((1 - reads) * minute);
  }

  async function tryHead(pushed: string): Promise<PersonsMatter | undefined> {
    try {
      const report = await validateHead(operation, kind, pushed);
      await forward.updatePullRequest({ installation, operation: kind, head: pushed, report });
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

function whatPeopleShouldDo(read: ReadPullRequest): PersonsMatter | undefined {
  if (read.manual.length > 0) return { reason: 'manual_edit_needed', message: read.manual.join(' ') };
  if (read.mergeable === false)
    return {
      reason: 'branch_conflict',
      message: 'The base moved and the branch no longer merges cleanly: merge the base into it.',
    };
  return undefined;
}
