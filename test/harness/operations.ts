import { type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, defineSearchAttributeKey } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { expect } from 'vitest';
import type { Status } from '../../contract/closed-sets.ts';
import {
  type InstallInput,
  type PersonsAnswer,
  type Progress,
  type UninstallInput,
  type UpdateInput,
  messages,
  searchAttributes,
  taskQueues,
} from '../../contract/workflows.ts';
import { timeSkipping } from './temporal.ts';
import { type ActivityName, type World, createWorld } from './world.ts';

/** One workflow in its world, as a person and a code host see it. */
export interface RunningOperation {
  /** Polls, with the clock standing still, until the condition holds. */
  until(condition: () => boolean): Promise<void>;
  sleep(duration: Parameters<TestWorkflowEnvironment['sleep']>[0]): Promise<void>;
  merge(): Promise<void>;
  decline(): Promise<void>;
  repositoryChanged(): Promise<void>;
  answer(answer: PersonsAnswer): Promise<void>;
  /** As an operator does in the Temporal UI. */
  cancel(): Promise<void>;
  /** The code with which an answer is refused. */
  refusal(answer: PersonsAnswer): Promise<string>;
  progress(): Promise<Progress>;
  /** Lets time run and gives the end. */
  result(): Promise<{ status: Status }>;
  /** Ends it as a person would; a terminated workflow's activity would hold the shared clock for ever. */
  finish(): Promise<void>;
}

const memory = globalThis as { graftWorkers?: Promise<{ env: TestWorkflowEnvironment; worlds: Map<string, World> }> };

/** Starts `installConnector` in a world, as a first install unless more is given. */
export function install(world: World, more: Partial<InstallInput> = {}): Promise<RunningOperation> {
  const input: InstallInput = { ...identity(world), submission: 'sub_first', reconnect: false, ...more };
  return start('installConnector', world.installation, input, world);
}

/** Starts `uninstallConnector` in a world where the connector is installed. */
export function uninstall(
  world: World,
  kind: UninstallInput['kind'],
  more: Partial<UninstallInput> = {},
): Promise<RunningOperation> {
  const input: UninstallInput = { ...identity(world), kind, ...more };
  return start('uninstallConnector', `${world.installation}/remove`, input, world);
}

/** Starts `updateConnector` in a world where the connector is installed. */
export function update(world: World, more: Partial<UpdateInput> = {}): Promise<RunningOperation> {
  const input: UpdateInput = { ...identity(world), submission: '', ...more };
  return start('updateConnector', `${world.installation}/update`, input, world);
}

/** Lets minutes pass until the condition holds: for what waits for a retry. */
export async function settle(operation: RunningOperation, condition: () => boolean): Promise<void> {
  for (let minutes = 0; minutes < 60 && !condition(); minutes += 1) await operation.sleep('1 minute');
  expect(condition()).toBe(true);
}

function identity(world: World) {
  return {
    installation: world.installation,
    project: 'prj_test',
    connector: 'stripe',
    environment: 'development',
  } as const;
}

async function start(
  type: string,
  workflowId: string,
  input: InstallInput | UpdateInput | UninstallInput,
  world: World,
): Promise<RunningOperation> {
  const { env, worlds } = await (memory.graftWorkers ??= startWorkers());
  worlds.set(world.installation, world);
  const handle: WorkflowHandle = await env.client.workflow.start(type, {
    workflowId,
    taskQueue: taskQueues.control,
    args: [input],
  });
  const changed = () => handle.signal(messages.repositoryChanged);
  const ended = async (state: 'merged' | 'closed') => {
    if (world.pullRequest === undefined) throw new Error('there is no pull request yet');
    world.pullRequest.state = state;
    await changed();
  };

  const operation: RunningOperation = {
    until: (condition) => expect.poll(condition, { timeout: 20_000, interval: 10 }).toBe(true),
    sleep: (duration) => env.sleep(duration),
    merge: () => ended('merged'),
    decline: () => ended('closed'),
    repositoryChanged: changed,
    async answer(answer) {
      if (answer.answer === 'abort') await atRest(handle);
      await handle.executeUpdate(messages.answer, { args: [answer] });
    },
    async cancel() {
      await atRest(handle);
      await handle.cancel();
    },
    async refusal(answer) {
      try {
        await handle.executeUpdate(messages.answer, { args: [answer] });
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)
          return error.cause.type ?? '';
        throw error;
      }
      return 'accepted';
    },
    progress: () => handle.query<Progress>(messages.progress),
    result: () => handle.result() as Promise<{ status: Status }>,
    async finish() {
      const { status } = await handle.describe();
      if (status.name === 'RUNNING') {
        if (world.pullRequest === undefined) await operation.answer({ answer: 'abort' });
        else await ended('closed');
        await handle.result();
      }
      worlds.delete(world.installation);
    },
  };
  return operation;
}

// The test server knows no cancellation of an activity that completes at the same moment.
async function atRest(handle: WorkflowHandle): Promise<void> {
  const resting = async () => {
    const { raw } = await handle.describe();
    if ((raw.pendingActivities?.length ?? 0) > 0) return false;
    const { events } = await handle.fetchHistory();
    const lastTask = events?.findLast(
      (event) => event.workflowTaskScheduledEventAttributes ?? event.workflowTaskCompletedEventAttributes,
    );
    return lastTask?.workflowTaskCompletedEventAttributes != null;
  };
  await expect.poll(resting, { timeout: 20_000, interval: 10 }).toBe(true);
}

async function startWorkers() {
  const { env, workflowBundle } = await timeSkipping();
  await env.connection.operatorService.addSearchAttributes({
    namespace: env.namespace ?? 'default',
    searchAttributes: Object.fromEntries(
      Object.values(searchAttributes).map((name) => [defineSearchAttributeKey(name, 'KEYWORD').name, 2]),
    ),
  });
  const worlds = new Map<string, World>();
  const names = Object.keys(createWorld().activities) as ActivityName[];
  const activities = Object.fromEntries(
    names.map((name) => [
      name,
      (input: { installation: string }) => {
        const world = worlds.get(input.installation);
        if (world === undefined) throw new Error(`no world for ${input.installation}`);
        return (world.activities[name] as (given: unknown) => Promise<unknown>)(input);
      },
    ]),
  );
  const control = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: taskQueues.control,
    workflowBundle,
    activities,
  });
  const build = await Worker.create({ connection: env.nativeConnection, taskQueue: taskQueues.build, activities });
  const running = [control.run(), build.run()];
  for (const run of running)
    run.catch((error: unknown) => {
      throw error;
    });
  return { env, worlds };
}
