import { CancellationScope, allHandlersFinished, condition, continueAsNew } from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type { Status } from '../contract/closed-sets.ts';
import type { ReviewState, UninstallInput } from '../contract/workflows.ts';
import { ended, outcomeOf, sentenceOf } from './failures.ts';
import { type Operation, startOperation } from './operation.ts';
import { forward, settled } from './policies.ts';
import { waitForMerge } from './review.ts';
import { takeBack } from './take-back.ts';
import { validateChange } from './validate-change.ts';

/**
 * Removes an installation: a removal pull request planned from the records, and after its merge the values and the
 * credential version go. Disconnect leaves the code. A removal that is not merged changes nothing.
 */
export async function uninstallConnector(input: UninstallInput): Promise<{ status: Status }> {
  const { installation } = input;
  const operation = startOperation(input, 'removing', input.review?.deadline ?? input.deadline);

  try {
    if (input.kind === 'remove') {
      try {
        await operation.abortable(() => removeUntilMerge(operation, input));
      } catch (error) {
        const outcome = outcomeOf(error);
        const because = sentenceOf(error);
        if ((await takeBack(operation, 'remove', outcome, because)) === 'restored') {
          if (outcome !== 'failed') return { status: operation.status };
          throw ApplicationFailure.nonRetryable(because, 'removal_failed');
        }
      }
    }
    operation.pivot();
    const status = input.kind === 'remove' ? 'removed' : 'disconnected';
    await CancellationScope.nonCancellable(async () => {
      operation.enter('deactivate');
      await operation.attempt(() => settled.unpublishValues({ installation }));
      await operation.attempt(() => settled.destroyVersion({ installation }));
      await operation.attempt(() => settled.deactivate({ installation, status }));
      operation.enter('deactivate', status);
    });
    return { status };
  } finally {
    await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  }
}

async function removeUntilMerge(operation: Operation, input: UninstallInput): Promise<void> {
  const { installation, connector, undo } = input;
  if (undo !== undefined) throw ended(undo.outcome, undo.because);
  let reviewed: Omit<ReviewState, 'deadline'> | undefined = input.review;
  if (reviewed === undefined) {
    const change = await operation.attempt(() => validateChange(operation, 'remove'));
    if (change === undefined) return;
    reviewed = await operation.attempt(async () => {
      operation.enter('pull_request');
      return forward.openPullRequest.executeWithOptions({ summary: `propose removing ${connector}` }, [
        { installation, operation: 'remove', plan: change.plan, report: change.report },
      ]);
    });
  }
  operation.enter('pull_request');
  await waitForMerge(operation, 'remove', reviewed, (review) =>
    continueAsNew<typeof uninstallConnector>({ ...input, review }),
  );
}
