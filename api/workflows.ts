import {
  type Client,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, defineSearchAttributeKey } from '@temporalio/common';
import { type ErrorCode, type FieldFault, GraftError, isErrorCode } from '../contract/errors.ts';
import {
  type InstallInput,
  type OperationInput,
  type PersonsAnswer,
  type UninstallInput,
  type WorkflowName,
  type Workflows,
  messages,
  searchAttributes,
  taskQueues,
} from '../contract/workflows.ts';

/** Seconds until a start, or a person's answer, must be accepted. */
const acceptSeconds = 5;

type InputOf<Name extends WorkflowName> = Parameters<Workflows[Name]>[0];
type ResultOf<Name extends WorkflowName> = Awaited<ReturnType<Workflows[Name]>>;

const keys = {
  project: defineSearchAttributeKey(searchAttributes.project, 'KEYWORD'),
  connector: defineSearchAttributeKey(searchAttributes.connector, 'KEYWORD'),
  environment: defineSearchAttributeKey(searchAttributes.environment, 'KEYWORD'),
};

/** Starts an operation's workflow, or finds it running. Throws `unavailable` when Temporal does not take it within 5 s. */
export async function startOperation(
  temporal: Client,
  workflowId: string,
  operation: { name: 'installConnector'; input: InstallInput } | { name: 'uninstallConnector'; input: UninstallInput },
): Promise<void> {
  const { project, connector, environment }: OperationInput = operation.input;
  const what = operation.name === 'installConnector' ? 'Install' : 'Take out';
  try {
    await within(temporal, acceptSeconds, () =>
      temporal.workflow.start(operation.name, {
        workflowId,
        taskQueue: taskQueues.control,
        args: [operation.input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        staticSummary: `${what} ${connector} (${environment})`,
        typedSearchAttributes: [
          { key: keys.project, value: project },
          { key: keys.connector, value: connector },
          { key: keys.environment, value: environment },
        ],
      }),
    );
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return;
    throw toGraftError(error);
  }
}

/**
 * Runs a workflow that answers a question and waits for the answer at most that many seconds. Throws what the workflow
 * failed with under its own code, `unavailable` when there is no answer in time.
 */
export async function ask<Name extends 'inspectProject' | 'planInstallation' | 'testConnection'>(
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
