import { CancellationScope, allHandlersFinished, condition, continueAsNew } from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type { Status } from '../contract/closed-sets.ts';
import type { InstallInput } from '../contract/workflows.ts';
import { outcomeOf, sentenceOf } from './failures.ts';
import { type Operation, startOperation } from './operation.ts';
import { forward, settled } from './policies.ts';
import { waitForMerge } from './review.ts';
import { type Undo, runUndos } from './undo.ts';
import { validateChange } from './validate-change.ts';

/**
 * Installs a connector: validate, test, encrypt, generate, pipeline, pull request, and after the merge activate.
 * What fails before the merge is undone, newest first; the merge is the pivot, from there it only goes forward.
 */
export async function installConnector(input: InstallInput): Promise<{ status: Status }> {
  const operation = startOperation(input, input.review === undefined ? 'running' : 'in_review', input.review?.deadline);
  operation.submission = input.submission;
  const undos: Undo[] = [];

  try {
    try {
      await operation.abortable(() => installUntilMerge(operation, input, undos));
    } catch (error) {
      const outcome = outcomeOf(error);
      const because = sentenceOf(error);
      if ((await undoInstall(operation, input, undos, outcome, because)) === 'undone') {
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

async function installUntilMerge(operation: Operation, input: InstallInput, undos: Undo[]): Promise<void> {
  const { installation, connector } = input;
  const undoable =
    (act: () => Promise<void>): Undo =>
    async () => {
      await act();
      return 'undone';
    };

  if (input.review === undefined) {
    await operation.attempt(async () => {
      operation.enter('validate');
      await forward.validate({ installation, values: operation.choices.values });
    });
    undos.push(undoable(() => settled.destroyVersion({ installation })));
    await operation.attempt(() => secureCredentials(operation));
    const change = await operation.attempt(() => validateChange(operation, 'install'));
    if (change === undefined) return;

    undos.push(closing(installation));
    const opened = await operation.attempt(async () => {
      operation.enter('pull_request', 'in_review');
      return forward.openPullRequest.executeWithOptions({ summary: `propose ${connector}` }, [
        { installation, operation: 'install', plan: change.plan, report: change.report },
      ]);
    });
    return waitForMerge(operation, 'install', opened.head, (review) =>
      continueAsNew<typeof installConnector>({ ...input, review }),
    );
  }
  undos.push(
    undoable(() => settled.destroyVersion({ installation })),
    closing(installation),
  );
  operation.enter('pull_request');
  await waitForMerge(operation, 'install', input.review.head, (review) =>
    continueAsNew<typeof installConnector>({ ...input, review }),
  );
}

function closing(installation: string): Undo {
  return async () => {
    const { merged } = await settled.closePullRequest({
      installation,
      operation: 'install',
      why: 'Graft takes this installation back.',
    });
    return merged ? 'merged' : 'undone';
  };
}

/** Steps 2 and 3 as one unit: a submission that a person replaces is tested before it is kept. */
async function secureCredentials(operation: Operation): Promise<void> {
  const { installation, connector } = operation.input;
  const submission = operation.submission ?? '';
  operation.enter('test');
  await forward.testCredentials.executeWithOptions({ summary: `test the credentials at ${connector}` }, [
    { installation, submission },
  ]);
  operation.enter('encrypt');
  await forward.encrypt({ installation, submission });
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
  input: InstallInput,
  undos: readonly Undo[],
  outcome: 'failed' | 'declined' | 'expired' | 'aborted',
  because: string,
): Promise<'undone' | 'merged'> {
  return CancellationScope.nonCancellable(async () => {
    operation.enter('deactivate', 'undoing');
    await settled.recordWait({
      installation: input.installation,
      status: 'undoing',
      step: 'deactivate',
      event: 'started',
      message: because,
    });
    if ((await runUndos(undos)) === 'merged') return 'merged';
    const status = input.reconnect ? 'disconnected' : outcome;
    await settled.deactivate({ installation: input.installation, status, because });
    operation.enter('deactivate', status);
    return 'undone';
  });
}
