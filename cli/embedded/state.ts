import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { GraftError } from '../../contract/errors.ts';
import { isAlive } from '../lock.mjs';

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

/** The running stack of a state folder, or undefined. */
export function findStack(stateDir: string): StackState | undefined {
  if (!existsSync(fileOf(stateDir))) return undefined;
  const state = StackState.parse(JSON.parse(readFileSync(fileOf(stateDir), 'utf8')));
  return isAlive(state.pid) ? state : undefined;
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

export function removeStack(stateDir: string): void {
  rmSync(fileOf(stateDir), { force: true });
}
