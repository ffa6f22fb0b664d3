import { realpath, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { GraftError } from '../contract/errors.ts';
import { startProxy } from './proxy.ts';
import { bubblewrapLaunch } from './sandbox-bubblewrap.ts';
import { withLimits } from './sandbox-layout.ts';
import { unshareLaunch } from './sandbox-unshare.ts';
import { makeScratch } from './scratch.ts';
import { type Ending, type Limits, supervise } from './supervise.ts';

const throughProxy = fileURLToPath(new URL('./harness/through-proxy.ts', import.meta.url));

export type SandboxKind = 'bubblewrap' | 'unshare' | 'none';
export type SandboxPreference = SandboxKind | 'auto';

/** A file or folder that the command sees at the path it has outside. */
export interface Mount {
  path: string;
  writable: boolean;
}

export interface SandboxedCommand {
  /** Absolute path of the program, then its arguments. */
  command: readonly string[];
  /** Working directory, inside one of the mounts. */
  folder: string;
  /** All of the environment besides PATH, HOME, TMPDIR, CI and LANG, which the sandbox sets unless they are given. */
  environment: Readonly<Record<string, string>>;
  /** In order: a later one may lie inside an earlier one. */
  mounts: readonly Mount[];
  /** All that it reaches, by a proxy that its environment names; besides that it has a loopback of its own and nothing else. */
  hosts: readonly string[];
  limits: Limits;
}

/** How to start a sandbox: a program with its arguments and the environment of the launcher itself, never of the caller. */
export interface Launch {
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
}

/** How a sandboxed command ended, and the hosts, as `host:port`, that it asked for in vain. */
export interface SandboxEnding extends Ending {
  /** Not given to it. */
  refusedHosts: readonly string[];
  /** Given to it, and not reached. */
  unreachableHosts: readonly string[];
}

/**
 * Runs a command in a sandbox until it and all its descendants are dead, however it ends.
 * A limit that was broken is told by `ended`; throws the signal's reason when cancelled.
 */
export async function runSandboxed(
  kind: SandboxKind,
  command: SandboxedCommand,
  signal: AbortSignal,
): Promise<SandboxEnding> {
  if (command.hosts.length === 0) {
    return { ...(await runInside(kind, command, signal)), refusedHosts: [], unreachableHosts: [] };
  }
  const proxy = await startProxy(new Set(command.hosts));
  try {
    const ending = await runInside(kind, leadThrough(command, proxy.socket), signal);
    return { ...ending, refusedHosts: proxy.refused(), unreachableHosts: proxy.unreachable() };
  } finally {
    await proxy.close();
  }
}

function leadThrough(command: SandboxedCommand, socket: string): SandboxedCommand {
  const shown = [throughProxy, socket].map((path) => ({ path, writable: false }));
  return {
    ...command,
    command: [process.execPath, throughProxy, socket, ...command.command],
    mounts: [...shown, ...command.mounts],
  };
}

async function runInside(kind: SandboxKind, command: SandboxedCommand, signal: AbortSignal): Promise<Ending> {
  for (const mount of command.mounts) await refuseMovedMount(mount.path);
  const scratch = await makeScratch('sandbox');
  try {
    const launch = launchOf(kind, command, scratch);
    return await supervise(
      {
        ...launch,
        folder: kind === 'none' ? command.folder : '/',
        namespaced: kind !== 'none',
        writable: command.mounts.filter((mount) => mount.writable).map((mount) => mount.path),
        readOnly: command.mounts.filter((mount) => !mount.writable).map((mount) => mount.path),
        limits: command.limits,
      },
      signal,
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function launchOf(kind: SandboxKind, command: SandboxedCommand, scratch: string): Launch {
  if (kind === 'bubblewrap') return bubblewrapLaunch(command);
  if (kind === 'unshare') return unshareLaunch(command, scratch);
  return {
    command: withLimits(command.command, command.limits, false),
    environment: { ...plainEnvironment(scratch), ...command.environment },
  };
}

function plainEnvironment(scratch: string): Record<string, string> {
  const node = process.execPath.slice(0, process.execPath.lastIndexOf('/'));
  return { PATH: `${node}:/usr/bin:/bin`, HOME: scratch, TMPDIR: scratch, CI: '1', LANG: 'C.UTF-8' };
}

/** What ran in a workspace before may have put a link where we are about to mount something of the machine. */
async function refuseMovedMount(path: string): Promise<void> {
  if ((await realpath(path)) === path) return;
  throw new GraftError(
    'validation_failed',
    `${path} leads elsewhere through a link, so it is not shown to project code.`,
  );
}

const trial = `
  const server = require('node:net').createServer((socket) => socket.end('y'));
  server.listen(0, '127.0.0.1', () => {
    require('node:net').connect(server.address().port, '127.0.0.1').on('data', (data) => {
      process.stdout.write('works' + data);
      process.exit(0);
    });
  });`;

const found = new Map<SandboxKind, Promise<boolean>>();

/** Finds the first sandbox that really starts here, or only the one preferred; `none` when nothing does. Tried once a process. */
export async function detectSandbox(preference: SandboxPreference): Promise<SandboxKind> {
  const candidates = preference === 'auto' ? (['bubblewrap', 'unshare'] as const) : [preference];
  for (const kind of candidates) {
    if (kind === 'none') return 'none';
    let works = found.get(kind);
    if (works === undefined) {
      works = tryOut(kind);
      found.set(kind, works);
    }
    if (await works) return kind;
  }
  return 'none';
}

async function tryOut(kind: SandboxKind): Promise<boolean> {
  const limits = {
    seconds: 20,
    outputBytes: 65_536,
    fileBytes: 1_048_576,
    memoryBytes: 1_073_741_824,
    processes: 64,
    diskBytes: 1_073_741_824,
  };
  const command = [process.execPath, '-e', trial];
  const ending = await runSandboxed(
    kind,
    { command, folder: '/tmp', environment: {}, mounts: [], hosts: [], limits },
    AbortSignal.timeout(30_000),
  );
  return ending.ended === 'exit' && ending.exitCode === 0 && ending.output.includes('worksy');
}
