import { readdirSync } from 'node:fs';
import { styleText } from 'node:util';
import type { Database } from '../../db/connect.ts';
import { type Leftovers, countLeftovers } from '../../db/queries/leftovers.ts';
import { isAlive } from '../lock.mjs';
import type { DemoHost } from './demo-host.ts';

export interface ProofInput {
  host: DemoHost;
  /** Tree id of the base before anything was installed. */
  tree: string;
  /** Names of values at the code host before anything was installed. */
  names: readonly string[];
  database: Database;
  installations: readonly string[];
  workspaces: string;
}

/** Checks, one line each, that nothing of the installations is left; gives how many of the checks fail. */
export async function proveNothingLeft(input: ProofInput): Promise<number> {
  const { host, tree, names, database, installations, workspaces } = input;
  const now = await host.baseTree();
  const left = await Promise.all(installations.map((one) => countLeftovers(database, one)));
  const total = (name: keyof Leftovers) => left.reduce((sum, one) => sum + one[name], 0);
  const ours = await host.ourBranches();
  const published = (await host.publishedNames()).filter((name) => !names.includes(name));
  const checks: [boolean, string][] = [
    [now === tree, `tree of the base: ${now} (before: ${tree}), lock file included`],
    [ours.length === 0, `branches of ours: ${ours.length}`],
    [total('publishedNames') === 0, `published names: ${total('publishedNames')}`],
    [published.length === 0, `values at the code host: ${published.join(', ') || '0'}`],
    [total('submissions') === 0, `submissions: ${total('submissions')}`],
    [total('discoveries') === 0, `what providers told: ${total('discoveries')}`],
    [total('claims') === 0, `operations in progress: ${total('claims')}`],
    [
      left.every((one) => one.usableVersions === 0 && one.destroyedVersions > 0),
      `credential versions: ${total('destroyedVersions')} destroyed, ${total('usableVersions')} left`,
    ],
    [runsIn(workspaces) === 0, `workspaces: ${runsIn(workspaces)}`],
  ];
  for (const [holds, line] of checks) print(holds, line);
  return checks.filter(([holds]) => !holds).length;
}

/** Checks that the processes of the stack are gone, after it was stopped. */
export function proveEnded(processes: readonly number[]): boolean {
  const left = processes.filter(isAlive);
  print(left.length === 0, `processes: ${left.length} of ${processes.length} left`);
  return left.length === 0;
}

function print(holds: boolean, line: string): void {
  console.log(`  ${holds ? styleText('green', '✓') : styleText('red', '✗')} ${line}`);
}

function runsIn(workspaces: string): number {
  return readdirSync(workspaces, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name.startsWith('ins_'),
  ).length;
}
