import { ActivityFailure, ApplicationFailure, TimeoutFailure, isCancellation } from '@temporalio/workflow';
import type { ControlActivities } from '../contract/activities.ts';
import { type Reason, isReason } from '../contract/closed-sets.ts';
import { isOutage } from '../contract/errors.ts';
import type { Outcome } from '../contract/workflows.ts';

/** What a person can mend: the reason, and the message that says how. */
export interface PersonsMatter {
  reason: Reason;
  message: string;
}

/** Ends an operation for a known cause; anything else thrown is a failure. */
export function ended(outcome: Outcome, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, outcome);
}

function applicationFailureOf(error: unknown): ApplicationFailure | undefined {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof ActivityFailure && error.cause instanceof ApplicationFailure) return error.cause;
  return undefined;
}

// Until the merge, what a code host does not show may only be out of our sight, and nothing is thrown away for it.
const atCodeHost = new Set<string>([
  'validate',
  'generate',
  'generateMerge',
  'checkHead',
  'openPullRequest',
  'synchronizeBranch',
  'updatePullRequest',
  'readPullRequest',
  'answerRequest',
] satisfies (keyof ControlActivities)[]);

/** The reason for which an activity's failure waits for people, if it is one. */
export function personsMatterOf(error: unknown): PersonsMatter | undefined {
  const failure = applicationFailureOf(error);
  if (failure === undefined) return undefined;
  const { message, type } = failure;
  if (isReason(type)) return { reason: type, message };
  const isHidden = type === 'not_found' && error instanceof ActivityFailure && atCodeHost.has(error.activityType);
  return isHidden ? { reason: 'code_host_refused', message } : undefined;
}

const mendedElsewhere: readonly Reason[] = ['code_host_refused', 'provider_unavailable', 'sandbox_missing'];

/** May people have mended it without an answer: a token that they renewed, a provider that is back, a worker with a sandbox? */
export function isMendedElsewhere({ reason }: PersonsMatter): boolean {
  return mendedElsewhere.includes(reason);
}

/** Did an activity fail for an outage or a limit of something outside, which passes without anybody doing anything? */
export function isOutageFailure(error: unknown): boolean {
  // A worker that is away or cut off, for as long as all tries last.
  if (error instanceof ActivityFailure && error.cause instanceof TimeoutFailure) return true;
  return isOutage(applicationFailureOf(error)?.type);
}

/** Names the outcome that an error stands for. */
export function outcomeOf(error: unknown): Outcome {
  // An operator's "Request Cancellation" in the Temporal UI.
  if (isCancellation(error)) return 'aborted';
  const type = applicationFailureOf(error)?.type;
  return type === 'declined' || type === 'expired' || type === 'aborted' ? type : 'failed';
}

/** The sentence that tells people why an operation ended. */
export function sentenceOf(error: unknown): string {
  if (isCancellation(error)) return 'Cancelled by an operator.';
  const failure = applicationFailureOf(error);
  if (failure !== undefined) return failure.message;
  if (error instanceof ActivityFailure && error.cause instanceof TimeoutFailure)
    return `${error.activityType} did not end in time: is its worker running?`;
  return error instanceof Error ? error.message : 'unknown error';
}
