import { type Client, ScheduleAlreadyRunning, type ScheduleOptions } from '@temporalio/client';
import { type WorkflowName, scheduleIds, taskQueues } from '../contract/workflows.ts';

/** Every workflow that runs by the clock. */
const schedules = [
  {
    scheduleId: scheduleIds.reconcile,
    spec: { intervals: [{ every: '1 minute' }] },
    action: {
      type: 'startWorkflow',
      workflowType: 'reconcileInstallations' satisfies WorkflowName,
      workflowId: scheduleIds.reconcile,
      taskQueue: taskQueues.control,
      args: [],
      staticSummary: 'Bring claims, workflows and leftovers together again',
      // A run that found no worker is over before it can hold up many others.
      workflowExecutionTimeout: '10 minutes',
    },
    // What was missed is not caught up: the next run sees everything.
    policies: { overlap: 'SKIP', catchupWindow: '1 minute', pauseOnFailure: false },
  },
  {
    scheduleId: scheduleIds.drift,
    // Not all installations of Graft in the world ask their code hosts at midnight.
    spec: { intervals: [{ every: '6 hours' }], jitter: '30 minutes' },
    action: {
      type: 'startWorkflow',
      workflowType: 'detectDrift' satisfies WorkflowName,
      workflowId: scheduleIds.drift,
      taskQueue: taskQueues.control,
      args: [],
      staticSummary: 'Compare active installations with what is merged now',
      workflowExecutionTimeout: '1 hour',
    },
    policies: { overlap: 'SKIP', catchupWindow: '1 hour', pauseOnFailure: false },
  },
] as const satisfies readonly ScheduleOptions[];

/** Makes the schedules of the client's namespace, or brings those that are there to this version. Running it again changes nothing. */
export async function upsertSchedules(client: Client): Promise<void> {
  for (const schedule of schedules) {
    try {
      await client.schedule.create(schedule);
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      const { spec, action, policies } = schedule;
      // Its state stays: who paused it meant it.
      await client.schedule.getHandle(schedule.scheduleId).update(({ state }) => ({ spec, action, policies, state }));
    }
  }
}
