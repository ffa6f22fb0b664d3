import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type Stack, startStack } from '../../cli/embedded/stack.ts';

/** Starts the whole embedded stack, with simulators, for the suite that calls it; gives what reads it inside tests. */
export function useStack(): () => Stack {
  const stateDir = mkdtempSync(join(tmpdir(), 'graft-stack-'));
  let stack: Stack | undefined;
  beforeAll(async () => {
    stack = await startStack({ stateDir, logs: () => undefined, environment: {} });
  });
  afterAll(async () => {
    await stack?.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });
  return () => {
    if (stack === undefined) throw new Error('The stack runs inside tests only.');
    return stack;
  };
}
