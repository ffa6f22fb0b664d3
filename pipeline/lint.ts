import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type BaseTree, type Outcome, onBase } from './outcome.ts';
import type { Ending } from './supervise.ts';
import { type ToolContext, findInModules, howItEnded, logOf, runTool, subtract } from './tools.ts';

const title = 'eslint';
const seconds = 300;
const configs = [
  ...['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map((ending) => `eslint.config.${ending}`),
  ...['', '.js', '.cjs', '.yaml', '.yml', '.json'].map((ending) => `.eslintrc${ending}`),
];

/**
 * Tier 2: the project's own ESLint on these files (paths from the tree's root), where it has one and a configuration.
 * Errors that the base has too, of the same rule in the same file with the same text, do not count; warnings never do.
 */
export async function checkLint(
  tree: string,
  appDir: string,
  files: readonly string[],
  base: BaseTree,
  context: ToolContext,
): Promise<Outcome> {
  if (!(await isConfigured(tree, appDir))) return skipped('the app has no ESLint configuration');
  const touched = await sourcesIn(tree, appDir, files);
  if (touched.length === 0) return skipped('no source file of the app is touched');
  const linted = await lint(tree, appDir, touched, context);
  if (linted === undefined) return skipped('the app does not depend on eslint');
  const { ending, errors } = linted;
  if (errors?.length === 0)
    return {
      verdict: 'passed',
      summary: `${title}: 0 errors in ${filesOf(touched)}`,
      log: logOf(title, shown(ending)),
    };

  const before = await onBase(base, async (each): Promise<Linted | undefined> => {
    const there = await sourcesIn(each, appDir, files);
    // Without a file ESLint would lint the whole app.
    return there.length === 0 ? nothing : lint(each, appDir, there, context);
  });
  const log = logOf(title, ending) + (before?.ending ? logOf(`${title} (on the untouched base)`, before.ending) : '');
  if (errors === undefined) {
    const baseFails = before !== undefined && before.errors === undefined;
    const summary = `${title}: ${howItEnded(ending)}${baseFails ? ', and on the untouched base too' : ''}`;
    const baseline = before === undefined ? undefined : baseFails ? 'failed' : 'passed';
    return { verdict: baseFails ? 'inconclusive' : 'failed', baseline, summary, log };
  }
  const known = before?.errors;
  const added = subtract(errors, known ?? []);
  const counts = `${title}: ${errors.length} ${errors.length === 1 ? 'error' : 'errors'} in ${filesOf(touched)}`;
  const baseline = known === undefined ? undefined : known.length === 0 ? 'passed' : 'failed';
  if (added.length === 0) return { verdict: 'passed', baseline, summary: `${counts}, none of them new`, log };
  return { verdict: 'failed', baseline, summary: `${counts}, ${added.length} new: ${added[0]}`, log };
}

const nothing: Linted = { errors: [] };

function skipped(summary: string): Outcome {
  return { verdict: 'skipped', summary, log: '' };
}

function filesOf({ length }: readonly string[]): string {
  return length === 1 ? '1 file' : `${length} files`;
}

/** ESLint looks for its configuration from the app upwards. */
async function isConfigured(tree: string, appDir: string): Promise<boolean> {
  for (let folder = join(tree, appDir); folder.startsWith(tree); folder = dirname(folder)) {
    for (const name of configs) if (await isFile(join(folder, name))) return true;
    const manifest = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '');
    if (manifest.includes('"eslintConfig"')) return true;
  }
  return false;
}

/** Those of the files that are sources of the app and there, relative to the app. */
async function sourcesIn(tree: string, appDir: string, files: readonly string[]): Promise<string[]> {
  const sources: string[] = [];
  for (const file of files) {
    const path = relative(appDir, file);
    if (!path.startsWith('..') && /\.[cm]?[jt]sx?$/.test(path) && (await isFile(join(tree, file)))) sources.push(path);
  }
  return sources;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

interface Linted {
  /** Absent where nothing was run. */
  ending?: Ending;
  /** undefined when ESLint did not come to a result. */
  errors: string[] | undefined;
}

async function lint(
  tree: string,
  appDir: string,
  files: readonly string[],
  context: ToolContext,
): Promise<(Linted & { ending: Ending }) | undefined> {
  const eslint = await findInModules(tree, appDir, 'eslint/bin/eslint.js');
  if (eslint === undefined) return undefined;
  const command = [eslint, '--format', 'json', '--no-error-on-unmatched-pattern', '--', ...files];
  const ending = await runTool(
    { tree, appDir, command, environment: {}, writable: [], readOnly: [], seconds },
    context,
  );
  return { ending, errors: errorsIn(ending, tree) };
}

interface LintedFile {
  filePath: string;
  messages: readonly { ruleId: string | null; severity: number; message: string }[];
}

/** `file: rule: message` of each error; undefined when ESLint did not come to a result. */
function errorsIn({ ended, exitCode, output }: Ending, tree: string): string[] | undefined {
  const line = output.split('\n').find((candidate) => candidate.startsWith('[{"filePath":') || candidate === '[]');
  if (ended !== 'exit' || exitCode === null || exitCode > 1 || line === undefined) return undefined;
  const results = JSON.parse(line) as LintedFile[];
  return results.flatMap(({ filePath, messages }) =>
    messages
      .filter(({ severity }) => severity === 2)
      .map(({ ruleId, message }) => `${relative(tree, filePath)}: ${ruleId ?? 'parse'}: ${message}`),
  );
}

/** The result repeats every source in whole. */
function shown(ending: Ending): Ending {
  return { ...ending, output: '(no error)' };
}
