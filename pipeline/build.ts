import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { findExpo, findNext } from './find-framework.ts';
import { buildNext } from './next-tools.ts';
import { type BaseTree, type Outcome, onBase } from './outcome.ts';
import type { Ending } from './supervise.ts';
import { type ToolContext, howItEnded, logOf, runTool, succeeded } from './tools.ts';

const seconds = 900;

/** Metro keeps environment values in its cache and does not notice another one, so all runs of the app's tools get this one. */
const placeholder = 'graft-placeholder';

/** What Expo's commands get: no network to ask for, and a placeholder for each public value. */
export function expoEnvironment(publicKeys: readonly string[]): Record<string, string> {
  const values = publicKeys.map((key) => [key, placeholder] as const);
  return { EXPO_OFFLINE: '1', EXPO_NO_TELEMETRY: '1', ...Object.fromEntries(values) };
}

interface BuildCommand {
  title: string;
  /** Arguments of Node. */
  command: readonly string[];
}

/** Below the app, as SDK 53 and older want it, where neither `tsc` nor git looks. */
const bundleFolder = '.expo/graft-bundle';

/** Expo's commands, in order; one platform, as nothing is shared and each costs as much. iOS needs no package of its own, as web does. */
const expoCommands = (expo: string): BuildCommand[] => [
  { title: 'expo config --type introspect', command: [expo, 'config', '--type', 'introspect', '--json'] },
  {
    title: 'expo export --platform ios',
    command: [expo, 'export', '--platform', 'ios', '--no-bytecode', '--output-dir', bundleFolder],
  },
];

interface BuildRun {
  title: string;
  ending: Ending;
}

/**
 * Tier 2: of an Expo app its configuration with its plugins, and its bundle; of a Next.js app `next build`, which renders its
 * pages too. What fails on the untouched base too is inconclusive.
 */
export async function checkBuild(
  tree: string,
  appDir: string,
  publicKeys: readonly string[],
  base: BaseTree,
  context: ToolContext,
): Promise<Outcome> {
  const runs = await build(tree, appDir, publicKeys, context);
  if (runs === undefined) return { verdict: 'skipped', summary: 'the app does not depend on expo or next', log: '' };
  const log = logOfRuns(runs, '');
  const failure = runs.find(({ ending }) => !succeeded(ending));
  if (failure === undefined) return { verdict: 'passed', summary: runs.map((run) => run.title).join(' and '), log };
  const before = await onBase(base, (each) => build(each, appDir, publicKeys, context));
  const same = before?.find(({ title }) => title === failure.title);
  const baseLog = logOfRuns(before ?? [], ' (on the untouched base)');
  const summary = `${failure.title}: ${howItEnded(failure.ending)}${firstError(failure.ending)}`;
  const logs = `${log}\n${baseLog}`;
  if (same !== undefined && succeeded(same.ending))
    return { verdict: 'failed', baseline: 'passed', summary: `${summary}; the untouched base passes`, log: logs };
  const baseline = before === undefined ? undefined : 'failed';
  return { verdict: 'inconclusive', baseline, summary: `${summary}, and on the untouched base too`, log: logs };
}

/** Runs Next.js's build, or Expo's commands until one fails. */
async function build(
  tree: string,
  appDir: string,
  publicKeys: readonly string[],
  context: ToolContext,
): Promise<BuildRun[] | undefined> {
  const values = expoEnvironment(publicKeys);
  const next = await findNext(tree, appDir);
  if (next !== undefined) {
    const folder = join(context.workspace.folder, `next-build-of-${basename(tree)}`);
    await mkdir(folder, { recursive: true });
    const ending = await buildNext(next, { tree, appDir, folder, values }, context);
    return [{ title: 'next build', ending }];
  }
  const expo = await findExpo(tree, appDir, 'cli');
  if (expo === undefined) return undefined;
  const environment = { ...values, TMPDIR: context.workspace.buildCache };
  const writable = [context.workspace.buildCache];
  const runs: BuildRun[] = [];
  for (const { title, command } of expoCommands(expo)) {
    const ending = await runTool({ tree, appDir, command, environment, writable, readOnly: [], seconds }, context);
    runs.push({ title, ending });
    if (!succeeded(ending)) break;
  }
  return runs;
}

/** The introspected configuration is long and says nothing when it came out. */
function logOfRuns(runs: readonly BuildRun[], where: string): string {
  const shown = runs.map(({ title, ending }, index) =>
    logOf(title + where, index < runs.length - 1 ? { ...ending, output: '(output left out)' } : ending),
  );
  return shown.join('\n');
}

function firstError(ending: Ending): string {
  const line = ending.output.split('\n').find((candidate) => /\berror\b|unable to resolve/i.test(candidate));
  return line === undefined ? '' : ` (${line.trim().slice(0, 160)})`;
}
