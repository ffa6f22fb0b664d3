import { CompleteAsyncError, type Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { GraftError, isTransient } from '../contract/errors.ts';

/**
 * What a workflow gets to know of an error: `type` is the code, retried only if it is transient and then not before
 * `retryAfterSeconds`, details are `[{ fields, details }]`. Anything but a GraftError becomes a retryable `internal`.
 * Causes stay behind: errors of HTTP clients carry headers and bodies.
 */
export function toApplicationFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const known = error instanceof GraftError ? error : undefined;
  const code = known?.code ?? 'internal';
  const failure = ApplicationFailure.create({
    message: known?.message ?? describeUnknown(error),
    type: code,
    nonRetryable: !isTransient(code),
    details: [{ fields: known?.fields ?? [], details: known?.details ?? {} }],
    nextRetryDelay: known?.retryAfterSeconds === undefined ? undefined : known.retryAfterSeconds * 1000,
  });
  failure.stack = [`${failure.name}: ${failure.message}`, ...framesOf(error)].join('\n');
  return failure;
}

/** Lets only application failures out of activities; the worker's log has their stack. Cancellation passes as it is. */
export class ActivityFailureInterceptor implements ActivityInboundCallsInterceptor {
  private readonly context: Context;
  private readonly known: (error: unknown) => GraftError | undefined;

  /** `known` names what other rooms know of an error that is no GraftError, such as a database's. */
  constructor(context: Context, known: (error: unknown) => GraftError | undefined = () => undefined) {
    this.context = context;
    this.known = known;
  }

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    try {
      return await next(input);
    } catch (error) {
      if (error instanceof CompleteAsyncError || this.isCancellation(error)) throw error;
      const isNamed = error instanceof GraftError || error instanceof ApplicationFailure;
      throw toApplicationFailure(isNamed ? error : (this.known(error) ?? error));
    }
  }

  private isCancellation(error: unknown): boolean {
    if (!this.context.cancellationSignal.aborted) return false;
    return error instanceof CancelledFailure || (error instanceof Error && error.name === 'AbortError');
  }
}

// The text of an unknown error may quote a header, a body or a query's parameters, so only its names and codes are told.
function describeUnknown(error: unknown): string {
  const chain: string[] = [];
  for (let link = error; link instanceof Error && chain.length < 5; link = link.cause) {
    chain.push([link.constructor.name, ...codesOf(link)].join(' '));
  }
  const what = chain.length === 0 ? typeof error : chain.join(', caused by ');
  return `Unexpected error (${what}): see the stack in the worker's log.`;
}

function codesOf(error: Error): string[] {
  return ['code', 'syscall', 'table_name', 'column_name', 'constraint_name']
    .map((name): unknown => Reflect.get(error, name))
    .filter((value) => typeof value === 'string' && /^[\w-]{1,64}$/.test(value))
    .map(String);
}

// A stack begins with the message, which for an unknown error stays here; only where in the code it was thrown goes on.
function framesOf(error: unknown): string[] {
  if (!(error instanceof Error) || error.stack === undefined) return [];
  const head = error.stack.indexOf(error.message);
  if (head === -1) return [];
  return error.stack
    .slice(head + error.message.length)
    .split('\n')
    .filter((line) => /^ {4}at .+(?::\d+:\d+\)?|<anonymous>\))$/.test(line));
}
