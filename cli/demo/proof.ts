import { readdirSync } from 'node:fs';
import { styleText } from 'node:util';
import type { Database } from '../../db/connect.ts';
import { countLeftovers } from '../../db/queries/leftovers.ts';
import { isAlive } from '../lock.mjs';
import type { DemoHost } from './demo-host.ts';

export interface ProofInput {
  host: DemoHost;
  /** Tree id of the base before anything was installed. */
  tree: string;
  /** Names of values at the code host before anything was installed. */
  names: readonly string[];
  database: Database;
  installation: string;
  workspaces: string;
}

/** Checks, one line each, that nothing of the installation is left; gives how many of the checks fail. */
export async function proveNothingLeft(input: ProofInput): Promise<number> {
  const { host, tree, names, database, installation, workspaces } = input;
  const now = await host.baseTree();
  const left = await countLeftovers(database, installation);
  const ours = await host.ourBranches();
  const published = (await host.publishedNames()).filter((name) => !names.includes(name));
  const checks: [boolean, string][] = [
    [now === tree, `tree of the base: ${now} (before: ${tree}), lock file included`],
    [ours.length === 0, `branches of ours: ${ours.length}`],
    [left.publishedNames === 0, `published names: ${left.publishedNames}`],
    [published.length === 0, `values at the code host: ${published.join(', ') || '0'}`],
    [left.submissions === 0, `submissions: ${left.submissions}`],
    [left.claims === 0, `operations in progress: ${left.claims}`],
    [
      left.usableVersions === 0 && left.destroyedVersions > 0,
      `credential versions: ${left.destroyedVersions} destroyed, ${left.usableVersions} left`,
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
