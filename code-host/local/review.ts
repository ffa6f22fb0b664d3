import { GraftError } from '../../contract/errors.ts';
import { gitText } from '../git.ts';
import { changeRefs, untilWritten } from '../git-refs.ts';
import { closeLocalPullRequest, rewriteLocalPullRequest } from './pull-request.ts';
import { type PullRecord, headRef, metaRef, readPull, writeRecord } from './record.ts';
import { mergeTrees, readTruth } from './truth.ts';
import { commitId } from '../git-names.ts';
import { findRepository } from './repository.ts';

const reviewer = { name: 'Reviewer', email: 'reviewer@localhost' };

/**
 * Merges a pull request of the local code host as its merge button would: one commit on the base, and the branch deleted.
 * Gives the commit of the base. Throws `code_host_refused` for a draft or a closed one, `branch_conflict` when it does
 * not merge cleanly. One that is merged already is left as it is.
 */
export async function mergePullRequest(
  root: string,
  repository: string,
  number: number,
  { strategy = 'merge' }: { strategy?: 'merge' | 'squash' } = {},
): Promise<{ commit: string }> {
  const folder = await findRepository(root, repository);
  return await untilWritten<{ commit: string }>(async () => {
    const { pull, state, head, base, unchanged } = await readTruth(folder, number);
    const { record } = pull;
    if (state === 'merged') return { written: { commit: base.commit } };
    if (state === 'closed') throw new GraftError('code_host_refused', `Pull request ${number} is closed.`);
    if (record.draft) {
      throw new GraftError(
        'code_host_refused',
        `Pull request ${number} is a draft: mark it as ready before the merge.`,
      );
    }
    const tree = await mergeTrees(folder, base.commit, head);
    if (tree === undefined) {
      const fix = `Merge ${base.branch} into ${record.branch} by hand and push it.`;
      throw new GraftError('branch_conflict', `Pull request ${number} does not merge cleanly. ${fix}`);
    }
    const parents = strategy === 'merge' ? [base.commit, head] : [base.commit];
    const title =
      strategy === 'merge' ? `Merge pull request #${number}: ${record.title}` : `${record.title} (#${number})`;
    const commit = await gitText(
      folder,
      ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'],
      { input: title, author: reviewer },
    );
    const becomes = new Map([
      [`refs/heads/${base.branch}`, commit],
      [`refs/heads/${record.branch}`, null],
      [metaRef(number), await writeRecord(folder, { ...record, state: 'merged' })],
      [headRef(number), head],
    ]);
    const lost = await changeRefs(
      folder,
      unchanged.map((change) => ({ ...change, to: becomes.get(change.ref) })),
    );
    return lost === undefined ? { written: { commit } } : { lost };
  });
}

/** Declines a pull request as a reviewer, with a reason that is kept as a comment; a merged one stays merged. */
export async function closeByReviewer(
  root: string,
  repository: string,
  number: number,
  reason: string,
): Promise<{ state: 'merged' | 'closed' | 'open' }> {
  const folder = await findRepository(root, repository);
  const { state } = await closeLocalPullRequest(folder, number, { by: 'reviewer', text: reason });
  return { state };
}

/** Takes the draft mark away, so that the pull request can be merged. */
export async function markReady(root: string, repository: string, number: number): Promise<void> {
  await rewriteLocalPullRequest(await findRepository(root, repository), number, () => ({ draft: false }));
}

/** Says something at a pull request as a reviewer; `/graft retry` and the like are commands. */
export async function commentAsReviewer(root: string, repository: string, number: number, text: string): Promise<void> {
  await rewriteLocalPullRequest(await findRepository(root, repository), number, ({ comments }) => ({
    comments: [...comments, { by: 'reviewer', text }],
  }));
}

/** What a validation said of a commit of a pull request. */
export type LocalChecks = NonNullable<PullRecord['checks']>;

/** The newest checks of a pull request; undefined when nothing was validated yet. */
export async function readChecks(root: string, repository: string, number: number): Promise<LocalChecks | undefined> {
  return (await readPull(await findRepository(root, repository), number)).pull.record.checks;
}

export interface PullRequestChanges {
  files: readonly { path: string; change: 'add' | 'edit' | 'delete' }[];
  /** Unified diff of all of them, as git prints it. */
  diff: string;
}

/** What a pull request changes against the commit where its head left the base. */
export async function readChanges(
  root: string,
  repository: string,
  { head, base }: { head: string; base: string },
): Promise<PullRequestChanges> {
  const folder = await findRepository(root, repository);
  const fork = await gitText(folder, ['merge-base', commitId(base), commitId(head)]);
  const compare = ['diff-tree', '-r', '--no-ext-diff', '--no-textconv', '--no-color', '--no-renames'];
  const listed = (await gitText(folder, [...compare, '--name-status', '-z', fork, head])).split('\0');
  const files: { path: string; change: 'add' | 'edit' | 'delete' }[] = [];
  for (let at = 0; at + 1 < listed.length; at += 2) {
    const change = ({ A: 'add', D: 'delete' } as const)[listed[at] ?? ''] ?? 'edit';
    files.push({ path: listed[at + 1] ?? '', change });
  }
  return { files, diff: await gitText(folder, [...compare, '-p', fork, head]) };
}
