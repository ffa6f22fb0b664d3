import { GraftError } from '../contract/errors.ts';
import { describeError } from './describe-error.ts';
import type { OperationStart } from '../temporal/start-operation.ts';
import type { Dependencies } from './dependencies.ts';
import { startInTime } from './workflows.ts';

/**
 * Starts the workflow of an operation that is claimed already. When Temporal cannot be reached the claim stays, and
 * reconciliation starts the workflow later: the operation was accepted all the same.
 */
export async function startSoon(
  { temporal, log }: Dependencies,
  workflowId: string,
  operation: OperationStart,
): Promise<void> {
  try {
    await startInTime(temporal, workflowId, operation);
  } catch (error) {
    if (!(error instanceof GraftError) || error.code !== 'unavailable') throw error;
    log.warn({ workflowId, error: describeError(error) }, 'operation claimed, its workflow is to be started later');
  }
}
