import { setTimeout as pause } from 'node:timers/promises';
import {
  type Client,
  ServiceError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { type ErrorCode, type FieldFault, GraftError, isErrorCode } from '../contract/errors.ts';
import { type PersonsAnswer, type WorkflowName, type Workflows, messages, taskQueues } from '../contract/workflows.ts';
import { type OperationStart, startOperation } from '../temporal/start-operation.ts';

/** Seconds until a start, or a person's answer, must be accepted. */
const acceptSeconds = 5;

type InputOf<Name extends WorkflowName> = Parameters<Workflows[Name]>[0];
type ResultOf<Name extends WorkflowName> = Awaited<ReturnType<Workflows[Name]>>;

/**
 * Starts the workflow of an operation that was claimed just now. One that runs under its id is the operation before: it
 * released its claim and is about to end. Throws `unavailable` when there is no start within 5 s.
 */
export async function startInTime(temporal: Client, workflowId: string, operation: OperationStart): Promise<void> {
  try {
    await within(temporal, acceptSeconds, async () => {
      while (!(await startOperation(temporal, workflowId, operation))) await pause(100);
    });
  } catch (error) {
    throw toGraftError(error);
  }
}

/**
 * Runs a workflow that answers a question and waits for the answer at most that many seconds. Throws what the workflow
 * failed with under its own code, `unavailable` when there is no answer in time.
 */
export async function ask<Name extends 'describeCodeHost' | 'inspectProject' | 'planInstallation' | 'testConnection'>(
  temporal: Client,
  name: Name,
  question: { workflowId: string; input: InputOf<Name>; seconds: number; summary: string },
): Promise<ResultOf<Name>> {
  try {
    const handle = await within(temporal, acceptSeconds, () =>
      temporal.workflow.start(name, {
        workflowId: question.workflowId,
        taskQueue: taskQueues.control,
        args: [question.input],
        workflowExecutionTimeout: '2 minutes',
        staticSummary: question.summary,
      }),
    );
    return (await within(temporal, question.seconds, () => handle.result())) as ResultOf<Name>;
  } catch (error) {
    throw toGraftError(error);
  }
}

/** Gives a person's answer to a running operation; throws its refusal by code, `unavailable` when it is not taken in 5 s. */
export async function answerOperation(temporal: Client, workflowId: string, answer: PersonsAnswer): Promise<void> {
  try {
    await within(temporal, acceptSeconds, async () => {
      const handle = temporal.workflow.getHandle(workflowId);
      const update = await handle.startUpdate(messages.answer, { args: [answer], waitForStage: 'ACCEPTED' });
      // A refusal is this update's result; the handler of an accepted one returns at once.
      await update.result();
    });
  } catch (error) {
    throw toGraftError(error);
  }
}

/** The deadline of the call is not enough: a client that has to connect first does not count that time. */
async function within<Result>(temporal: Client, seconds: number, call: () => Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(unavailable(undefined)), seconds * 1000);
  try {
    return await Promise.race([temporal.withDeadline(Date.now() + seconds * 1000, call), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(cause: unknown): GraftError {
  return new GraftError('unavailable', 'The workflow service did not answer in time; try again soon.', {
    cause,
    retryAfterSeconds: 5,
  });
}

/** What a failed call to Temporal means here. */
function toGraftError(error: unknown): unknown {
  if (error instanceof WorkflowNotFoundError)
    return new GraftError('unavailable', 'The operation is not running yet; it is started again within minutes.', {
      cause: error,
      retryAfterSeconds: 60,
    });
  if (error instanceof ServiceError || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
    return unavailable(error);
  if (!(error instanceof WorkflowFailedError) && !(error instanceof WorkflowUpdateFailedError)) return error;
  for (let link: Error | undefined = error; link !== undefined; link = link.cause as Error | undefined)
    if (link instanceof ApplicationFailure && isErrorCode(link.type)) return fromFailure(link, link.type);
  return unavailable(error);
}

/** Failures of activities carry `[{ fields, details }]` beside their code and message. */
function fromFailure(failure: ApplicationFailure, code: ErrorCode): GraftError {
  const [told] = (failure.details ?? []) as { fields?: FieldFault[]; details?: Record<string, unknown> }[];
  return new GraftError(code, failure.message, {
    cause: failure,
    fields: told?.fields ?? [],
    details: told?.details ?? {},
  });
}
