import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { resolveTestServer } from '../../cli/embedded/test-server.ts';
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
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  return { env, workflowBundle };
}
