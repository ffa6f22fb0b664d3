import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { resolveTestServer } from '../../cli/embedded/test-server.ts';
import { messageOf } from '../../contract/errors.ts';
import { ask } from './ask.ts';

export interface TimeSkipping {
  env: TestWorkflowEnvironment;
  /** All workflows, for `Worker.create`. */
  workflowBundle: { codePath: string };
}

const memory = globalThis as { graftTimeSkipping?: Promise<TimeSkipping>; graftRuntime?: true };

/** Keeps the log of this fork's workers to errors; call it before anything native, any number of times. */
export function installQuietRuntime(): void {
  if (memory.graftRuntime) return;
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  memory.graftRuntime = true;
}

/**
 * Temporal's time-skipping server, one in each fork for all its test files. Its clock is shared: run one workflow at a
 * time to its end, and leave none behind. It ends with the fork.
 */
export function timeSkipping(): Promise<TimeSkipping> {
  return (memory.graftTimeSkipping ??= start());
}

async function start(): Promise<TimeSkipping> {
  installQuietRuntime();
  const [path, workflowBundle] = await Promise.all([
    resolveTestServer((line) => process.stderr.write(`${line}\n`)),
    ask<{ codePath: string }>('/workflow-bundle'),
  ]);
  return { env: await startServer(path), workflowBundle };
}

/** The SDK gives a server five seconds, which a Java machine on a busy host can miss: one that did is not the last. */
async function startServer(path: string, triesLeft = 4): Promise<TestWorkflowEnvironment> {
  try {
    return await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
    });
  } catch (error) {
    if (triesLeft === 0 || !/did not start within/.test(messageOf(error))) throw error;
    return await startServer(path, triesLeft - 1);
  }
}
