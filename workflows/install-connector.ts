import { CancellationScope, allHandlersFinished, condition, continueAsNew } from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type { Status } from '../contract/closed-sets.ts';
import type { InstallInput, Outcome } from '../contract/workflows.ts';
import { ended, outcomeOf, sentenceOf } from './failures.ts';
import { type Operation, startOperation } from './operation.ts';
import { forward, records, settled } from './policies.ts';
import { waitForMerge } from './review.ts';
import { secureCredentials } from './secure-credentials.ts';
import { type Undo, runUndos } from './undo.ts';
import { validateChange } from './validate-change.ts';

/**
 * Installs a connector: validate, test, encrypt, generate, pipeline, pull request, and after the merge activate.
 * What fails before the merge is undone, newest first; the merge is the pivot, from there it only goes forward.
 */
export async function installConnector(input: InstallInput): Promise<{ status: Status }> {
  const first = input.review === undefined ? 'running' : 'in_review';
  const operation = startOperation(input, first, input.review?.deadline ?? input.deadline);
  operation.submission = input.submission;
  Object.assign(operation.choices, input.review?.choices);

  try {
    try {
      await operation.abortable(() => installUntilMerge(operation, input));
    } catch (error) {
      const outcome = outcomeOf(error);
      const because = sentenceOf(error);
      if ((await undoInstall(operation, input, outcome, because)) === 'undone') {
        if (outcome !== 'failed') return { status: operation.status };
        throw ApplicationFailure.nonRetryable(because, 'install_failed');
      }
    }
    operation.pivot();
    await CancellationScope.nonCancellable(() => activate(operation));
    return { status: 'active' };
  } finally {
    await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  }
}

async function installUntilMerge(operation: Operation, input: InstallInput): Promise<void> {
  if (input.undo !== undefined) throw ended(input.undo.outcome, input.undo.because);
  const reviewed = input.review ?? (await installUntilReview(operation, input));
  if (reviewed === undefined) return;
  operation.enter('pull_request', 'in_review');
  await waitForMerge(operation, 'install', reviewed, (review) =>
    continueAsNew<typeof installConnector>({ ...input, review: { ...review, choices: operation.choices } }),
  );
}

/** Steps 1 to 6: the pull request with its validated head, or undefined when the code is there already. */
async function installUntilReview(operation: Operation, { installation, connector }: InstallInput) {
  await operation.attempt(async () => {
    operation.enter('validate');
    await forward.validate({ installation, values: operation.choices.values });
  });
  await operation.attempt(() => secureCredentials(operation));
  const change = await operation.attempt(() => validateChange(operation, 'install'));
  if (change === undefined) return undefined;
  return operation.attempt(async () => {
    operation.enter('pull_request', 'running');
    return forward.openPullRequest.executeWithOptions({ summary: `propose ${connector}` }, [
      { installation, operation: 'install', plan: change.plan, report: change.report },
    ]);
  });
}

/** Step 7. A health check that fails asks for other credentials, which are tested and encrypted before the next try. */
async function activate(operation: Operation): Promise<void> {
  const { installation } = operation.input;
  let secured = operation.submission;
  await operation.attempt(async () => {
    if (operation.submission !== secured) {
      await secureCredentials(operation);
      secured = operation.submission;
    }
    operation.enter('activate', 'running');
    await settled.activate({ installation, ...operation.choices });
  });
  operation.enter('activate', 'active');
}

async function undoInstall(
  operation: Operation,
  { installation, reconnect }: InstallInput,
  outcome: Outcome,
  because: string,
): Promise<'undone' | 'merged'> {
  return CancellationScope.nonCancellable(async () => {
    operation.takeBack();
    operation.enter('deactivate', 'undoing');
    const undoing = { installation, status: 'undoing', step: 'deactivate', event: 'started' } as const;
    await records.recordWait({ ...undoing, message: because, outcome });
    if ((await runUndos(undosOf(operation))) === 'merged') return 'merged';
    const status = reconnect ? 'disconnected' : outcome;
    await operation.attempt(() => settled.deactivate({ installation, status, because }));
    operation.enter('deactivate', status);
    return 'undone';
  });
}

// All of them from the start, whatever this run has done: one that was started again follows one that did more.
function undosOf(operation: Operation): readonly Undo[] {
  const { installation } = operation.input;
  return [
    async () => {
      await operation.attempt(() => settled.destroyVersion({ installation }));
      return 'undone';
    },
    async () => {
      const why = 'Graft takes this installation back.';
      const closing = { installation, operation: 'install', why } as const;
      const { merged } = await operation.attempt(() => settled.closePullRequest(closing));
      return merged ? 'merged' : 'undone';
    },
  ];
}
