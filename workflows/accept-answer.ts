import { ApplicationFailure } from '@temporalio/common';
import { type Answer, answersTo } from '../contract/closed-sets.ts';
import type { PersonsAnswer } from '../contract/workflows.ts';
import type { PersonsMatter } from './failures.ts';

/** The answers that a matter accepts: its reason's, and `abort` for as long as the operation may be given up. */
export function acceptedAnswers({ reason }: PersonsMatter, isBound: boolean): Answer[] {
  return isBound ? [...answersTo[reason]] : [...answersTo[reason], 'abort'];
}

/** Throws `already_merged` or `answer_not_accepted` for an answer that an operation cannot take as it stands. */
export function refuseAnswer(
  { answer }: PersonsAnswer,
  { matter, isMerged, isBound }: { matter: PersonsMatter | undefined; isMerged: boolean; isBound: boolean },
): void {
  if (answer === 'abort') {
    if (!isMerged) return;
    const message = 'The pull request is merged; remove the installation instead.';
    throw ApplicationFailure.nonRetryable(message, 'already_merged');
  }
  if (matter === undefined)
    throw ApplicationFailure.nonRetryable('Nothing waits for an answer now.', 'answer_not_accepted');
  const accepted = acceptedAnswers(matter, isBound);
  if (accepted.includes(answer)) return;
  const message = `${matter.reason} accepts ${accepted.join(', ')}, not ${answer}.`;
  throw ApplicationFailure.nonRetryable(message, 'answer_not_accepted');
}
