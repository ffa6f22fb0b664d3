import type { BaseHead } from '../../contract/code-host.ts';
import { GraftError } from '../../contract/errors.ts';
import { git, gitText } from '../git.ts';
import { type RefChange, changeRefs, untilWritten } from '../git-refs.ts';
import { readOwnCommits } from './commit.ts';
import { commitId } from '../git-names.ts';
import { type StoredPull, headRef, metaRef, readPull, writeRecord } from './record.ts';

/** What a repository says about one of its pull requests. */
export interface PullTruth {
  pull: StoredPull;
  state: 'open' | 'merged' | 'closed';
  head: string;
  base: BaseHead;
  /** Every commit of the branch that the base lacks was made by us. */
  ours: boolean;
  /** The refs that this was read from, for a write that holds only while all of it is still so. */
  unchanged: readonly RefChange[];
}

/**
 * Reads what is true of a pull request and keeps what the branch alone cannot tell later: the newest head while it is
 * open, and that it was merged by hand. Merged is when the base contains the head; closed when it says so, or when
 * the branch is gone.
 */
export async function readTruth(repository: string, number: number): Promise<PullTruth> {
  return await untilWritten<PullTruth>(async () => {
    const { pull, refs } = await readPull(repository, number);
    const { record } = pull;
    const tip = refs.get(`refs/heads/${record.branch}`)?.object;
    const baseRef = refs.get(`refs/heads/${record.base}`);
    if (baseRef === undefined) {
      throw new GraftError('code_host_refused', `The base branch ${record.base} of pull request ${number} is gone.`);
    }
    const base = { branch: record.base, commit: baseRef.object, tree: baseRef.tree };
    const own = (await readOwnCommits(repository, record.branch)).commits;
    const ours = await areOurs(repository, { head: tip ?? pull.head, base: base.commit, own });
    const unchanged: RefChange[] = [
      { ref: `refs/heads/${record.base}`, from: base.commit },
      { ref: `refs/heads/${record.branch}`, from: tip },
      { ref: metaRef(number), from: pull.meta },
      { ref: headRef(number), from: pull.head },
    ];
    const truth = (state: PullTruth['state'], head: string): { written: PullTruth } => ({
      written: { pull, state, head, base, ours, unchanged },
    });

    if (record.state === 'merged') return truth('merged', pull.head);
    if (record.state === 'closed') return truth('closed', tip ?? pull.head);

    const tipIsMerged = tip !== undefined && (await contains(repository, base.commit, tip));
    if (await contains(repository, base.commit, pull.head)) {
      const meta = await writeRecord(repository, { ...record, state: 'merged' });
      const lost = await changeRefs(repository, [
        ...unchanged.slice(0, 2),
        { ref: metaRef(number), from: pull.meta, to: meta },
        { ref: headRef(number), from: pull.head, to: tipIsMerged ? tip : pull.head },
      ]);
      return { lost: lost ?? new Error('written as merged, to be read once more') };
    }
    if (tip === undefined) {
      // The refs were read one after the other: a merge in between deletes the branch too.
      const lost = await changeRefs(repository, unchanged);
      return lost === undefined ? truth('closed', pull.head) : { lost };
    }
    // A branch set back to the base is contained in it too, and was not merged: its older head stays on record.
    if (tip === pull.head || tipIsMerged) return truth('open', tip);

    const lost = await changeRefs(repository, [
      ...unchanged.slice(0, 3),
      { ref: headRef(number), from: pull.head, to: tip },
    ]);
    return { lost: lost ?? new Error('the new head was kept, to be read once more') };
  });
}

/** Is every commit that `head` has and `base` lacks one of our own? */
export async function areOurs(
  repository: string,
  range: { head: string; base: string; own: ReadonlySet<string> },
): Promise<boolean> {
  const listed = await gitText(repository, ['rev-list', range.head, `^${range.base}`]);
  return listed.split('\n').every((commit) => commit === '' || range.own.has(commit));
}

/** Is `commit` the same as `descendant`, or one of its ancestors? */
export async function contains(repository: string, descendant: string, commit: string): Promise<boolean> {
  const { code } = await git(repository, ['merge-base', '--is-ancestor', commit, descendant], { accept: [1] });
  return code === 0;
}

/** The best common ancestor of two commits; throws `branch_conflict` when they have nothing in common. */
export async function readMergeBase(repository: string, one: string, other: string): Promise<string> {
  const { code, output } = await git(repository, ['merge-base', commitId(one), commitId(other)], { accept: [1] });
  if (code === 0) return output.toString().trim();
  throw new GraftError(
    'branch_conflict',
    'The branch and the base have no commit in common: was one of them replaced?',
  );
}

/** The tree of a merge of two commits, undefined when they conflict or have nothing in common. */
export async function mergeTrees(repository: string, base: string, head: string): Promise<string | undefined> {
  const related = await git(repository, ['merge-base', base, head], { accept: [1] });
  if (related.code !== 0) return undefined;
  const merged = await git(repository, ['merge-tree', '--write-tree', '--no-messages', base, head], { accept: [1] });
  return merged.code === 0 ? merged.output.toString().trim() : undefined;
}
