import type { CodeChange } from '../contract/closed-sets.ts';
import type { Plan, Snapshot } from '../contract/codegen.ts';
import { GraftError } from '../contract/errors.ts';
import { applyPlan } from './apply.ts';
import { checkInstalled } from './check-installed.ts';
import { mergeTrees } from './merge-trees.ts';
import { plan as planEdits } from './plan.ts';
import { readProject } from './read-project.ts';
import { findRecord } from './records.ts';

export interface SynchronizeInput<Planned extends { plan: Plan }> {
  /** The branch with our edits and those of people, the commit where it left the base, and the base as it stands now. */
  head: Snapshot;
  fork: Snapshot;
  base: Snapshot;
  appDir: string;
  operation: CodeChange;
  connector: string;
  alias: string;
  /** Plans the operation on a tree. */
  planOn: (snapshot: Snapshot) => Planned;
}

/**
 * Merges a base into a branch of ours: our edits are taken out of the head, what people did there is merged with the base, and our
 * edits are planned on the result. Throws `branch_conflict` with the files that only people can merge, and what planning throws.
 */
export function synchronize<Planned extends { plan: Plan }>(
  input: SynchronizeInput<Planned>,
): { merged: Snapshot; planned: Planned } {
  const { head, fork, base, appDir, planOn } = input;
  const { lockFile } = readProject(base, appDir);
  const lock = new Set(lockFile === '' ? [] : [lockFile]);
  const people = withoutOurEdits(input, lock);
  const merged = merge(fork, people, base, lock);
  const planned = planOn(merged);
  refuseToUndoPeople(input, planned.plan);
  const wanted = findRecord(head, appDir, input) ?? findRecord(fork, appDir, input);
  if (planned.plan.changesLock || (wanted?.wants.packages.length ?? 0) > 0) return { merged, planned };
  // The lock file is none of our edits, so it is merged like any other.
  const all = merge(fork, people, base, new Set());
  return { merged: all, planned: planOn(all) };
}

/** The head as people would have made it from the fork. */
function withoutOurEdits<Planned extends { plan: Plan }>(
  { head, fork, appDir, operation, connector, alias, planOn }: SynchronizeInput<Planned>,
  lock: ReadonlySet<string>,
): Snapshot {
  const of = { connector, alias };
  if (operation === 'remove' || findRecord(fork, appDir, of) !== undefined)
    return merge(applyPlan(fork, planOn(fork).plan), head, fork, lock);
  if (findRecord(head, appDir, of) === undefined)
    throw new GraftError('validation_failed', 'The branch lost the ownership record; bring it back.');
  const facts = readProject(head, appDir);
  const removal = planEdits({ snapshot: head, appDir, facts, add: [], remove: [of] });
  if (removal.manual.length > 0) throw conflictIn(removal.manual.map(({ file }) => file));
  return applyPlan(head, removal);
}

/** What people did in place of an edit that we cannot make must not be asked of them again. */
function refuseToUndoPeople<Planned extends { plan: Plan }>(
  { head, appDir, operation, connector, alias }: SynchronizeInput<Planned>,
  { manual }: Plan,
): void {
  if (operation === 'remove' || manual.length === 0) return;
  const missing = new Set(
    checkInstalled(head, appDir, connector, alias)
      .filter(({ kind }) => kind === 'missing')
      .map(({ file }) => file),
  );
  const done = manual.map(({ file }) => file).filter((file) => !missing.has(file));
  if (done.length > 0) throw conflictIn(done);
}

function merge(base: Snapshot, ours: Snapshot, theirs: Snapshot, takeTheirs: ReadonlySet<string>): Snapshot {
  const merged = mergeTrees(base, ours, theirs, takeTheirs);
  if ('conflicts' in merged) throw conflictIn(merged.conflicts);
  return merged.snapshot;
}

function conflictIn(files: readonly string[]): GraftError {
  const named = [...new Set(files)];
  return new GraftError(
    'branch_conflict',
    `Base and branch both changed ${named.join(', ')}, and only a person can merge that: merge the base into the branch and push it.`,
    { details: { files: named } },
  );
}
