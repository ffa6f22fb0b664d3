import semver from 'semver';
import { type BaseTree, type Outcome, onBase } from './outcome.ts';
import { expoEnvironment } from './build.ts';
import { findExpo } from './find-framework.ts';
import type { Ending } from './supervise.ts';
import { type ToolContext, howItEnded, logOf, runTool, subtract, succeeded } from './tools.ts';

const title = 'expo install --check';
const seconds = 120;

/**
 * Tier 2: do the packages have the versions that the app's Expo SDK was made with? By the list inside the installed
 * `expo`, as there is no network. What the base has wrong already does not count, nor does another patch, of which a
 * registry may have none newer; any other difference is not proven to work.
 */
export async function checkVersions(
  tree: string,
  appDir: string,
  base: BaseTree,
  context: ToolContext,
): Promise<Outcome> {
  const ending = await runCheck(tree, appDir, context);
  if (ending === undefined) return { verdict: 'skipped', summary: 'the app does not depend on expo', log: '' };
  const log = logOf(title, ending);
  if (succeeded(ending)) return { verdict: 'passed', summary: `${title}: as the SDK expects`, log };
  const before = await onBase(base, (each) => runCheck(each, appDir, context));
  const logs = log + (before === undefined ? '' : logOf(`${title} (on the untouched base)`, before));
  const baseline = before === undefined ? undefined : succeeded(before) ? 'passed' : 'failed';
  const unexpected = unexpectedIn(ending);
  const added = subtract(unexpected, before === undefined ? [] : unexpectedIn(before));
  if (unexpected.length === 0)
    return { verdict: 'inconclusive', baseline, summary: `${title}: ${howItEnded(ending)}`, log: logs };
  if (added.length === 0)
    return { verdict: 'passed', baseline, summary: `${title}: nothing new that the SDK does not expect`, log: logs };
  const differing = added.join('; ');
  return added.every(isOtherPatch)
    ? { verdict: 'passed', baseline, summary: `${title}: no more than another patch: ${differing}`, log: logs }
    : { verdict: 'inconclusive', baseline, summary: `${title}: ${differing}`, log: logs };
}

async function runCheck(tree: string, appDir: string, context: ToolContext): Promise<Ending | undefined> {
  const expo = await findExpo(tree, appDir, 'cli');
  if (expo === undefined) return undefined;
  const command = [expo, 'install', '--check'];
  const environment = { ...expoEnvironment([]), CI: '1' };
  return runTool({ tree, appDir, command, environment, writable: [], readOnly: [], seconds }, context);
}

function isOtherPatch(line: string): boolean {
  const [, version = '', range = ''] = /@([^@\s]+) - expected version: (.+)$/.exec(line) ?? [];
  const [has, wants] = [semver.parse(version), semver.validRange(range) === null ? null : semver.minVersion(range)];
  return has !== null && wants !== null && has.major === wants.major && has.minor === wants.minor;
}

/** `package@version - expected version: range` of each package. */
function unexpectedIn({ output }: Ending): string[] {
  return [...output.matchAll(/^ +(\S+@\S+ - expected version: .+)$/gm)].map(([, line = '']) => line.trim());
}
