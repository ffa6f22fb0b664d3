import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { GraftError } from '../contract/errors.ts';
import { isDiskSpent, watchDisk } from './disk-use.ts';
import { createOutput } from './output.ts';
import { hasEnded, readFirstChild, readTree } from './process-tree.ts';

export interface Limits {
  seconds: number;
  /** Bytes on both streams together. */
  outputBytes: number;
  /** Size of one file. */
  fileBytes: number;
  /** Resident memory of the whole tree. */
  memoryBytes: number;
  processes: number;
  /** Bytes in all writable folders together. */
  diskBytes: number;
}

export interface Supervised {
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  folder: string;
  /** The first child is the init of a process namespace: with it everything inside is dead. */
  namespaced: boolean;
  writable: readonly string[];
  readOnly: readonly string[];
  limits: Limits;
}

/** How a command ended: by itself, or by the limit it broke. */
export interface Ending {
  ended: 'exit' | 'time' | 'output' | 'memory' | 'processes' | 'disk';
  /** 128 and the signal's number when a signal ended it, as a shell says it. */
  exitCode: number;
  /** Both streams as they came, the middle left out when long. */
  output: string;
  seconds: number;
}

const watchMilliseconds = 250;

/** Runs a command under limits and returns when the last of its processes is dead; throws the signal's reason when cancelled. */
export async function supervise(supervised: Supervised, signal: AbortSignal): Promise<Ending> {
  signal.throwIfAborted();
  const { limits } = supervised;
  const disk = await watchDisk(supervised.writable, supervised.readOnly);
  const started = performance.now();
  const [program = '', ...argumentsOfProgram] = supervised.command;
  const child = spawn(program, argumentsOfProgram, {
    cwd: supervised.folder,
    env: { ...supervised.environment },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const output = createOutput();
  let ended: Ending['ended'] = 'exit';
  let init: number | undefined;
  const kill = () => {
    init ??= findInit();
    // What is still being set up does not die with the launcher, but goes no further without a line on its input.
    child.stdin?.destroy();
    for (const target of [init, child.pid && -child.pid]) if (target !== undefined) killIfThere(target);
  };
  const stop = (because: Ending['ended']) => {
    if (ended === 'exit') ended = because;
    kill();
  };
  signal.addEventListener('abort', kill, { once: true });
  const timer = setTimeout(() => stop('time'), limits.seconds * 1000);
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      if (output.add(chunk) > limits.outputBytes) stop('output');
    });
  child.stdin?.on('error', () => undefined); // The launcher failed before it read: its exit says so.
  child.stdio[3]?.once('data', () => {
    init = findInit();
    child.stdin?.end('go\n');
  });
  const over = new AbortController();
  const watching = watch();
  try {
    const exitCode = await exitOf(child);
    kill();
    await untilDead(init);
    signal.throwIfAborted();
    return { ended, exitCode, output: output.text(), seconds: (performance.now() - started) / 1000 };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
    over.abort();
    for (const stream of child.stdio) stream?.destroy();
    await watching;
  }

  function findInit(): number | undefined {
    return supervised.namespaced && child.pid !== undefined ? readFirstChild(child.pid) : undefined;
  }

  async function watch(): Promise<void> {
    while (!over.signal.aborted && child.pid !== undefined) {
      const use = readTree(child.pid);
      if (use.pids.length > limits.processes) stop('processes');
      if (use.memoryBytes > limits.memoryBytes) stop('memory');
      if (await isDiskSpent(disk, limits.diskBytes)) stop('disk');
      await wait(watchMilliseconds, undefined, { signal: over.signal }).catch(() => undefined);
    }
  }
}

/** Resolves at exit, and shortly after it for output still in the pipes, which a stray process may hold open. */
async function exitOf(child: ChildProcess): Promise<number> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new GraftError('internal', `${child.spawnfile} could not be started.`, { cause })),
    );
    child.once('exit', (code, name) => resolve(code ?? 128 + signalNumber(name)));
  });
  await Promise.race([closed, wait(200)]);
  return exitCode;
}

function signalNumber(name: NodeJS.Signals | null): number {
  return name === 'SIGKILL' ? 9 : name === 'SIGTERM' ? 15 : name === 'SIGXFSZ' ? 25 : 6;
}

function killIfThere(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function untilDead(init: number | undefined): Promise<void> {
  if (init === undefined) return;
  const deadline = performance.now() + 10_000;
  while (!hasEnded(init)) {
    if (performance.now() > deadline)
      throw new GraftError('internal', `Process ${init} of a sandbox did not end within 10 s of being killed.`);
    await wait(10);
  }
}
