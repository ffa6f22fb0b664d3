import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { modulesOf } from './dependencies.ts';
import { type SandboxKind, runSandboxed } from './sandbox.ts';
import type { Ending, Limits } from './supervise.ts';
import type { Workspace } from './workspace.ts';

export interface ToolContext {
  sandbox: SandboxKind;
  workspace: Workspace;
  signal: AbortSignal;
}

export interface ToolRun {
  /** A tree that is this run's own; its `node_modules` are shown read-only. */
  tree: string;
  appDir: string;
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** Further folders, after the tree and before its `node_modules`. */
  writable: readonly string[];
  readOnly: readonly string[];
  seconds: number;
}

const limits: Omit<Limits, 'seconds'> = {
  outputBytes: 8_388_608,
  fileBytes: 536_870_912,
  memoryBytes: 6_442_450_944,
  processes: 128,
  diskBytes: 2_147_483_648,
};

/** Runs a tool of the project in its tree, without network. */
export async function runTool(run: ToolRun, context: ToolContext): Promise<Ending> {
  const modules = await modulesOf(run.tree);
  return runSandboxed(
    context.sandbox,
    {
      command: [process.execPath, ...run.command],
      folder: join(run.tree, run.appDir),
      environment: { NO_COLOR: '1', ...run.environment },
      mounts: [
        { path: run.tree, writable: true },
        ...run.writable.map((path) => ({ path, writable: true })),
        ...[...run.readOnly, ...modules].map((path) => ({ path, writable: false })),
      ],
      hosts: [],
      limits: { ...limits, seconds: run.seconds },
    },
    context.signal,
  );
}

/** Path of a file of an installed package, looked for as Node does from the app upwards to the tree's root. */
export async function findInModules(tree: string, appDir: string, file: string): Promise<string | undefined> {
  for (let folder = join(tree, appDir); folder.startsWith(tree); folder = dirname(folder)) {
    const path = join(folder, 'node_modules', file);
    if ((await stat(path).catch(() => undefined))?.isFile() === true) return path;
  }
  return undefined;
}

/** Did it come to its own end, and well? */
export function succeeded(ending: Ending): boolean {
  return ending.ended === 'exit' && ending.exitCode === 0;
}

/** `exit 2`, or the limit that stopped it. */
export function howItEnded(ending: Ending): string {
  return ending.ended === 'exit' ? `exit ${ending.exitCode}` : `stopped by the limit of ${ending.ended}`;
}

/** What a run says in a log: its command line, its output and how it ended. */
export function logOf(title: string, ending: Ending): string {
  return `$ ${title}\n${ending.output}\n(${howItEnded(ending)}, ${ending.seconds.toFixed(1)} s)\n`;
}

/** The errors that are not among the known ones, each of which stands for one. */
export function subtract(errors: readonly string[], known: readonly string[]): string[] {
  const left = [...known];
  return errors.filter((error) => {
    const at = left.indexOf(error);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}
