import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { GraftError } from '../../contract/errors.ts';
import { lockHolder, releaseLock, takeLock } from '../lock.mjs';

/** Where `npm start` keeps everything. */
export const defaultStateDir = fileURLToPath(new URL('../../.state', import.meta.url));

const StackState = z.object({
  /** Of the process that runs the stack. */
  pid: z.number(),
  apiUrl: z.string(),
  temporalAddress: z.string(),
  temporalUiUrl: z.string(),
  databaseUrl: z.string(),
  repositories: z.string(),
  values: z.string(),
});
/** What other commands need to know of a running stack. It holds the database owner's password. */
export type StackState = z.infer<typeof StackState>;

function fileOf(stateDir: string): string {
  return join(stateDir, 'stack.json');
}

function lockOf(stateDir: string): string {
  return join(stateDir, 'stack.lock');
}

/** Takes a state folder for the stack that this process starts; throws `unavailable` when another process has it. */
export function claimState(stateDir: string): void {
  const holder = takeLock(lockOf(stateDir));
  if (holder === undefined) return;
  const running = findStack(stateDir);
  throw new GraftError(
    'unavailable',
    running === undefined
      ? `The stack of ${stateDir} is being started or stopped by another command (process ${holder}). Try again when it is done.`
      : `The stack of ${stateDir} is running already, at ${running.apiUrl} (process ${running.pid}).`,
  );
}

/** The running stack of a state folder, or undefined. */
export function findStack(stateDir: string): StackState | undefined {
  const holder = lockHolder(lockOf(stateDir));
  if (holder === undefined || !existsSync(fileOf(stateDir))) return undefined;
  const state = StackState.parse(JSON.parse(readFileSync(fileOf(stateDir), 'utf8')));
  // Else it is what a stack that was killed left behind, and another one is starting.
  return state.pid === holder ? state : undefined;
}

/** The running stack of a state folder; throws `unavailable` with how to start one. */
export function readStack(stateDir = defaultStateDir): StackState {
  const state = findStack(stateDir);
  if (state !== undefined) return state;
  throw new GraftError('unavailable', 'No stack is running here. Start one with "npm start" in another terminal.');
}

export function writeStack(stateDir: string, state: StackState): void {
  const draft = `${fileOf(stateDir)}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(state, null, 2), { mode: 0o600 });
  renameSync(draft, fileOf(stateDir));
}

/** From now on no command finds the stack, which is about to stop. */
export function hideStack(stateDir: string): void {
  rmSync(fileOf(stateDir), { force: true });
}

/** Gives the state folder back, for the next start. */
export function releaseState(stateDir: string): void {
  releaseLock(lockOf(stateDir));
}
