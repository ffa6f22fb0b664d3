import { ActivityFailure, ApplicationFailure, RetryState, TimeoutFailure, TimeoutType } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { isOutageFailure } from './failures.ts';

const failureOf = (cause: Error) =>
  new ActivityFailure('Activity task failed', 'readPullRequest', 'id', RetryState.MAXIMUM_ATTEMPTS_REACHED, '', cause);

describe('an outage', () => {
  it.each([TimeoutType.HEARTBEAT, TimeoutType.START_TO_CLOSE])('is what cost an activity all its tries: %s', (type) => {
    expect(isOutageFailure(failureOf(new TimeoutFailure('activity timeout', undefined, type)))).toBe(true);
  });

  it('is told from what only people can mend, and from a defect', () => {
    expect(isOutageFailure(failureOf(ApplicationFailure.nonRetryable('Retry.', 'code_host_refused')))).toBe(false);
    expect(isOutageFailure(failureOf(ApplicationFailure.retryable('Unexpected error', 'internal')))).toBe(false);
    expect(isOutageFailure(new TimeoutFailure('of a workflow', undefined, TimeoutType.START_TO_CLOSE))).toBe(false);
  });
});
