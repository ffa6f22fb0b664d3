import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { findNext } from './find-framework.ts';
import { writeRouteTypes } from './next-tools.ts';
import { type BaseTree, type Outcome, onBase } from './outcome.ts';
import type { Ending } from './supervise.ts';
import { type ToolContext, findInModules, howItEnded, logOf, runTool, subtract, succeeded } from './tools.ts';

const title = 'tsc --noEmit';
const seconds = 300;

/** Tier 1: the project's own `tsc`. Errors that the base has too, in the same file with the same text, do not count. */
export async function checkTypes(tree: string, appDir: string, base: BaseTree, context: ToolContext): Promise<Outcome> {
  if ((await stat(join(tree, appDir, 'tsconfig.json')).catch(() => undefined)) === undefined)
    return { verdict: 'skipped', summary: 'the app has no tsconfig.json', log: '' };
  const ending = await runCompiler(tree, appDir, context);
  if (ending === undefined)
    return { verdict: 'skipped', summary: 'the app does not depend on the typescript package', log: '' };
  const log = logOf(title, ending);
  if (succeeded(ending)) return { verdict: 'passed', summary: `${title}: 0 errors`, log };
  const before = await onBase(base, (tree) => runCompiler(tree, appDir, context));
  return compare(ending, before, log + (before === undefined ? '' : logOf(`${title} (on the untouched base)`, before)));
}

async function runCompiler(tree: string, appDir: string, context: ToolContext): Promise<Ending | undefined> {
  const compiler = await findInModules(tree, appDir, 'typescript/bin/tsc');
  if (compiler === undefined) return undefined;
  const next = await findNext(tree, appDir);
  if (next !== undefined) await writeRouteTypes(next, tree, appDir, context);
  const command = [compiler, '--noEmit', '--pretty', 'false'];
  return runTool({ tree, appDir, command, environment: {}, writable: [], readOnly: [], seconds }, context);
}

function compare(ending: Ending, before: Ending | undefined, log: string): Outcome {
  const errors = errorsIn(ending);
  const known = before === undefined ? [] : errorsIn(before);
  const baseline = before === undefined ? undefined : succeeded(before) ? 'passed' : 'failed';
  const counts = `${title}: ${errors.length} ${errors.length === 1 ? 'error' : 'errors'} (base: ${before === undefined ? 'unknown' : known.length})`;
  if (ending.ended !== 'exit' || errors.length === 0) {
    const baseFails = baseline === 'failed' && known.length === 0;
    const both = baseFails ? ', and on the untouched base too' : '';
    const summary = `${title}: ${howItEnded(ending)}${both}`;
    return { verdict: baseFails ? 'inconclusive' : 'failed', baseline, summary, log };
  }
  const added = subtract(errors, known);
  if (added.length === 0) return { verdict: 'passed', baseline, summary: `${counts}, none of them new`, log };
  return { verdict: 'failed', baseline, summary: `${counts}, ${added.length} new: ${added[0]}`, log };
}

/** `file: code: message` of each error; the position moves with every edit above it and is left out. */
function errorsIn(ending: Ending): string[] {
  const found = ending.output.matchAll(/^(?:(.+?)\(\d+,\d+\): )?error (TS\d+): (.*)$/gm);
  return [...found].map(([, file = 'tsconfig.json', code, message]) => `${file}: ${code}: ${message}`);
}
