import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Child, startChild, waitForChild } from './child.ts';

const processes = {
  api: { title: 'api', script: 'api/main.ts' },
  control: { title: 'control worker', script: 'activities/control-worker.ts' },
  build: { title: 'build worker', script: 'activities/build-worker.ts' },
} as const;

export type ProcessName = keyof typeof processes;
export const processNames = Object.keys(processes) as ProcessName[];

/** Starts one of our entry points with exactly this environment, and waits until it says that it serves. Throws `unavailable`. */
export async function startProcess(
  name: ProcessName,
  env: Readonly<Record<string, string>>,
  logFile: string,
): Promise<Child> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const before = existsSync(logFile) ? statSync(logFile).size : 0;
  const { title, script } = processes[name];
  const child = await startChild({ name: title, command: process.execPath, args: [script], env, logFile, cwd: root });
  await waitForChild(child, async () => saysReady(readFileSync(logFile).subarray(before).toString()));
  return child;
}

/** Each entry point prints `{"ready":true,…}` on a line of its own when it serves. */
function saysReady(output: string): boolean {
  return output.split('\n').some((line) => line.startsWith('{"ready":true'));
}
