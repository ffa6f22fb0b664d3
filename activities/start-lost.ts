import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { deadlineDays } from '../contract/workflows.ts';
import type { Database, Executor } from '../db/connect.ts';
import { findUsableVersion } from '../db/queries/credential-versions.ts';
import { type Claim, holdClaim, listClaims } from '../db/queries/operations.ts';
import { findUndoing } from '../db/queries/progress.ts';
import { findOpenSubmission } from '../db/queries/submissions.ts';
import type { Installation } from '../db/schema/installations.ts';
import { type OperationStart, startOperation } from '../temporal/start-operation.ts';

/** For so long the api starts the workflow of a claim itself. */
const startedByApiSeconds = 10;
const answerMilliseconds = 5000;
const dayMilliseconds = 24 * 60 * 60 * 1000;

/**
 * Starts the workflow of every claim that has none: one that was never started, or that ended while it held its claim,
 * which an operation releases before its workflow ends. Gives their ids. One failure does not stop the others.
 */
export async function startLost({ database, temporal }: { database: Database; temporal: Client }): Promise<string[]> {
  const started: string[] = [];
  const failures: unknown[] = [];
  for (const { claim } of await listClaims(database, startedByApiSeconds)) {
    try {
      if (await isRunning(temporal, claim.workflowId)) continue;
      // Looked at again while the claim cannot be released: from here, no running workflow means a lost one.
      const id = await holdClaim(database, claim.installation, async ({ claim: held, installation }, executor) => {
        if (held === undefined || installation === undefined) return undefined;
        if (await isRunning(temporal, held.workflowId)) return undefined;
        const operation = await readOperation(executor, held, installation);
        const isStarted = await inTime(temporal, () => startOperation(temporal, held.workflowId, operation));
        return isStarted ? held.workflowId : undefined;
      });
      if (id !== undefined) started.push(id);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return started;
}

async function isRunning(temporal: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await inTime(temporal, () => temporal.workflow.getHandle(workflowId).describe());
    return !['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT'].includes(status.name);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

function inTime<Result>(temporal: Client, call: () => Promise<Result>): Promise<Result> {
  return temporal.withDeadline(Date.now() + answerMilliseconds, call);
}

/** What a workflow is started with, as the rows have it. */
async function readOperation(executor: Executor, claim: Claim, installation: Installation): Promise<OperationStart> {
  const { id, project, connector, environment, status } = installation;
  const own = claim.createdAt.getTime() + deadlineDays.merge * dayMilliseconds;
  const deadline = Math.max(own, installation.deadline.getTime());
  const at = { installation: id, project, connector, environment, deadline };
  const mayUndo = status === 'undoing' || status === 'removing' || claim.operation === 'update';
  const begun = mayUndo ? await findUndoing(executor, claim) : undefined;
  const undo = begun === undefined ? {} : { undo: begun };
  if (claim.operation === 'remove' || claim.operation === 'disconnect')
    return { name: 'uninstallConnector', input: { ...at, kind: claim.operation, ...undo } };
  if (claim.operation === 'update') {
    const submission = (await findOpenSubmission(executor, id)) ?? '';
    return { name: 'updateConnector', input: { ...at, submission, ...undo } };
  }
  const submission = await findSubmissionInUse(executor, id);
  return {
    name: 'installConnector',
    input: { ...at, submission, reconnect: claim.operation === 'reconnect', ...undo },
  };
}

/** The one that waits to be encrypted, else the one that the version was made from, else none: people are asked again. */
async function findSubmissionInUse(executor: Executor, installation: string): Promise<string> {
  const open = await findOpenSubmission(executor, installation);
  return open ?? (await findUsableVersion(executor, installation))?.submission ?? '';
}
