import { checkInstalled } from '../codegen/check-installed.ts';
import { findRecord } from '../codegen/records.ts';
import type { CodeChange } from '../contract/closed-sets.ts';
import type { Plan, Snapshot } from '../contract/codegen.ts';
import { GraftError } from '../contract/errors.ts';

/** Post-conditions that a person still has to bring about in this tree: one sentence each. */
export function missingIn(snapshot: Snapshot, appDir: string, of: { connector: string; alias: string }): string[] {
  return checkInstalled(snapshot, appDir, of.connector, of.alias)
    .filter(({ kind }) => kind === 'missing')
    .map(({ file, what }) => `${file}: ${what}`);
}

/** Step 4's checks on a head that people pushed. Throws `validation_failed` when more is missing than the plan left to people. */
export function checkHeadTree(
  snapshot: Snapshot,
  appDir: string,
  of: { connector: string; alias: string },
  operation: CodeChange,
  plan: Plan,
): void {
  const there = findRecord(snapshot, appDir, of) !== undefined;
  if (operation === 'remove') {
    if (there)
      throw new GraftError('validation_failed', 'The pushed head still has the ownership record that this removes.');
    return;
  }
  if (!there) throw new GraftError('validation_failed', 'The pushed head lost the ownership record; bring it back.');
  const leftToPeople = new Set(plan.manual.map(({ file }) => file));
  const missing = checkInstalled(snapshot, appDir, of.connector, of.alias).filter(
    ({ kind, file }) => kind === 'missing' && !leftToPeople.has(file),
  );
  if (missing.length > 0)
    throw new GraftError(
      'validation_failed',
      `The pushed head broke what this installs: ${missing.map(({ file, what }) => `${file}: ${what}`).join('; ')}.`,
    );
}
