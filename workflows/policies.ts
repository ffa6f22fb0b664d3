import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { BuildActivities, ControlActivities } from '../contract/activities.ts';
import { taskQueues } from '../contract/workflows.ts';

// An archive of a repository may take five minutes; a worker that was lost is noticed by its heartbeat.
const longestStep = '10 minutes';
// Waited for even when cancelled: an undo must never overtake the act it undoes.
const control = {
  taskQueue: taskQueues.control,
  // The control worker gives signs of life by itself, so that the steps of one that was killed go on soon.
  heartbeatTimeout: '15 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

/** Steps before the merge: bounded in tries, not in time, because an install outlives an outage of the workers. */
export const forward = proxyActivities<ControlActivities>({
  ...control,
  startToCloseTimeout: longestStep,
  retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 7 },
});

/** Undo and everything after the merge: never given up by whoever calls it, who tells people when all these tries failed. */
export const settled = proxyActivities<ControlActivities>({
  ...control,
  startToCloseTimeout: longestStep,
  retry: { initialInterval: '1 second', maximumInterval: '5 minutes', maximumAttempts: 12 },
});

/** What is written down for people: never given up. */
export const records = proxyActivities<Pick<ControlActivities, 'recordWait'>>({
  ...control,
  startToCloseTimeout: longestStep,
  retry: { initialInterval: '1 second', maximumInterval: '5 minutes' },
});

/** Questions that a person waits for at a screen. */
export const interactive = proxyActivities<ControlActivities>({
  ...control,
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '50 seconds',
  retry: { initialInterval: '500 milliseconds', maximumAttempts: 3 },
});

/** What the next minute does again. */
export const housekeeping = proxyActivities<ControlActivities>({
  ...control,
  startToCloseTimeout: '5 minutes',
  retry: { maximumAttempts: 1 },
});

/** What goes through all projects; the next run goes on where one was stopped. */
export const survey = proxyActivities<ControlActivities>({
  ...control,
  startToCloseTimeout: '45 minutes',
  retry: { maximumAttempts: 1 },
});

/** Project code: long, with a heartbeat, so that a lost worker is noticed and a cancellation arrives. */
export const build = proxyActivities<BuildActivities>({
  taskQueue: taskQueues.build,
  startToCloseTimeout: '40 minutes',
  heartbeatTimeout: '20 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '5 seconds', maximumInterval: '1 minute', maximumAttempts: 7 },
});
