import { CancellationScope, allHandlersFinished, condition, continueAsNew } from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type { Status } from '../contract/closed-sets.ts';
import type { UpdateInput } from '../contract/workflows.ts';
import { ended, outcomeOf, sentenceOf } from './failures.ts';
import { type Operation, startOperation } from './operation.ts';
import { forward, settled } from './policies.ts';
import { waitForMerge } from './review.ts';
import { testKept } from './secure-credentials.ts';
import { takeBack } from './take-back.ts';
import { validateChange } from './validate-change.ts';

/**
 * Brings the code of an active installation to other options, to a newer template, or back where something is missing: the
 * steps of an installation with what is kept of it, by a pull request of its own. What is not merged changes nothing.
 */
export async function updateConnector(input: UpdateInput): Promise<{ status: Status }> {
  const operation = startOperation(input, 'active', input.review?.deadline ?? input.deadline);
  operation.submission = input.submission;
  Object.assign(operation.choices, input.review?.choices);

  try {
    try {
      await operation.abortable(() => updateUntilMerge(operation, input));
    } catch (error) {
      const outcome = outcomeOf(error);
      const because = sentenceOf(error);
      if ((await takeBack(operation, 'update', outcome, because)) === 'restored') {
        if (outcome !== 'failed') return { status: operation.status };
        throw ApplicationFailure.nonRetryable(because, 'update_failed');
      }
    }
    operation.pivot();
    await CancellationScope.nonCancellable(async () => {
      const { installation } = input;
      await operation.attempt(() => {
        operation.enter('activate');
        return settled.applyUpdate({ installation, ...operation.choices });
      });
    });
    return { status: 'active' };
  } finally {
    await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  }
}

async function updateUntilMerge(operation: Operation, input: UpdateInput): Promise<void> {
  if (input.undo !== undefined) throw ended(input.undo.outcome, input.undo.because);
  const reviewed = input.review ?? (await updateUntilReview(operation, input));
  if (reviewed === undefined) return;
  operation.enter('pull_request');
  await waitForMerge(operation, 'update', reviewed, (review) =>
    continueAsNew<typeof updateConnector>({
      ...input,
      submission: operation.submission ?? '',
      review: { ...review, choices: operation.choices },
    }),
  );
}

/** Steps 1 to 6: the pull request with its validated head, or undefined when nothing is to be changed in the code. */
async function updateUntilReview(operation: Operation, { installation, connector }: UpdateInput) {
  await operation.attempt(async () => {
    operation.enter('validate');
    await forward.validate({ installation, values: operation.choices.values });
  });
  await operation.attempt(() => testKept(operation));
  const change = await operation.attempt(() => validateChange(operation, 'update'));
  if (change === undefined) return undefined;
  return operation.attempt(async () => {
    operation.enter('pull_request');
    return forward.openPullRequest.executeWithOptions({ summary: `propose updating ${connector}` }, [
      { installation, operation: 'update', plan: change.plan, report: change.report },
    ]);
  });
}
