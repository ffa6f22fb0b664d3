import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { GraftError } from '../../contract/errors.ts';

/**
 * The watcher reads from a pipe that only the parent holds: it ends when the parent is gone, however it went, and then
 * the watcher stops the child and, after the same grace, everything left in the child's process group.
 */
const guard = `
signal=$1; left=$2; shift 2
( trap '' HUP INT QUIT TERM
  read -r line <&3
  kill -s "$signal" $$
  while kill -0 $$ && [ "$left" -gt 0 ]; do sleep 0.1; left=$((left - 1)); done
  kill -s KILL -- -$$
) </dev/null >/dev/null 2>&1 &
exec "$@" 3<&-
`;

export interface ChildOptions {
  /** As people know it, for messages. */
  name: string;
  command: string;
  args: readonly string[];
  /** The whole environment: nothing is inherited. */
  env: Readonly<Record<string, string>>;
  /** Standard output and error are appended here. */
  logFile: string;
  stopSignal?: 'SIGTERM' | 'SIGINT';
  /** How long after its signal the whole process group is killed; 15 s by default. */
  graceSeconds?: number;
  cwd?: string;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when the process has ended, asked or not, with what it ended by. */
  readonly ended: Promise<string>;
  hasEnded(): boolean;
  /** Asks it to stop, waits, and kills what is left of its process group. */
  stop(): Promise<void>;
  /** Kills it and its process group at once. */
  kill(): Promise<void>;
}

/** Starts a program in a process group of its own that cannot outlive this process. Throws `internal` when it cannot be started. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { stopSignal = 'SIGTERM', graceSeconds = 15 } = options;
  const log = openSync(options.logFile, 'a', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(
      '/bin/sh',
      ['-c', guard, 'guard', stopSignal.slice(3), String(graceSeconds * 10), options.command, ...options.args],
      {
        cwd: options.cwd,
        env: options.env,
        detached: true,
        stdio: ['ignore', log, log, 'pipe'],
      },
    );
  } finally {
    closeSync(log);
  }
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(new GraftError('internal', `The ${options.name} could not be started.`, { cause })),
    );
  });
  const pid = child.pid as number;
  let running = true;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      running = false;
      killGroup(pid);
      child.stdio[3]?.destroy();
      resolve(signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
  });
  return {
    name: options.name,
    pid,
    logFile: options.logFile,
    ended,
    hasEnded: () => !running,
    async stop() {
      if (!running) return;
      child.kill(stopSignal);
      const timer = setTimeout(() => killGroup(pid), graceSeconds * 1000);
      await ended;
      clearTimeout(timer);
    },
    async kill() {
      killGroup(pid);
      await ended;
    },
  };
}

/** Waits until `isReady` gives true; throws `unavailable` with the end of the log when the child ends or the time is over. */
export async function waitForChild(child: Child, isReady: () => Promise<boolean>, seconds = 60): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await isReady())) {
    if (child.hasEnded()) throw failedToStart(child, `ended with ${await child.ended}`);
    if (Date.now() > deadline) {
      await child.stop();
      throw failedToStart(child, `was not ready after ${seconds} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function failedToStart(child: Child, what: string): GraftError {
  const lines = readFileSync(child.logFile, 'utf8').trimEnd().split('\n').slice(-25).join('\n');
  return new GraftError('unavailable', `The ${child.name} ${what}. The end of ${child.logFile}:\n${lines}`);
}

/** An empty group is ESRCH on Linux; macOS says EPERM for one that holds only ended processes. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
