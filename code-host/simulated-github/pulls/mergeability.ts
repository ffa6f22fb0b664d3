import { writeRef } from '../git/refs.ts';
import { mergeTrees } from '../git/merge-trees.ts';
import { writeCommit } from '../git/write-commit.ts';
import type { Mergeability, PullIssue } from '../json/pull-json.ts';
import { githubSignature } from '../server/actor.ts';
import type { Repository } from '../state.ts';
import { folderOf, type World } from '../world.ts';

const unknown: Mergeability = { mergeable: null, state: 'unknown' };

/** What is known of a pull request's mergeability, without looking. */
export function knownMergeability(repository: Repository, issue: PullIssue): Mergeability {
  const { pull } = issue;
  const base = repository.refs[`refs/heads/${pull.base.ref}`];
  const { checked } = pull;
  if (pull.mergedAt !== null || checked?.head !== pull.head.sha || checked.base !== base) return unknown;
  if (!checked.mergeable) return { mergeable: false, state: 'dirty' };
  if (pull.draft) return { mergeable: true, state: 'draft' };
  return { mergeable: true, state: hasOpenChecks(repository, pull.head.sha) ? 'unstable' : 'clean' };
}

/** What is known, and then looks, as GitHub does in the background after the first read of a changed pull request. */
export async function readMergeability(world: World, repository: Repository, issue: PullIssue): Promise<Mergeability> {
  const known = knownMergeability(repository, issue);
  if (known.mergeable === null) await lookForConflicts(world, repository, issue);
  return known;
}

/** Merges the two heads into `refs/pull/<n>/merge`, or notes that they conflict. */
export async function lookForConflicts(world: World, repository: Repository, issue: PullIssue): Promise<void> {
  const { pull } = issue;
  const base = repository.refs[`refs/heads/${pull.base.ref}`];
  if (base === undefined || pull.mergedAt !== null) return;
  const head = pull.head.sha;
  const folder = folderOf(world, repository);
  const tree = await mergeTrees(folder, base, head);
  let commit: string | null = null;
  if (tree !== undefined) {
    const signature = githubSignature(world);
    const message = `Merge ${head} into ${base}`;
    const parts = { tree, parents: [base, head], author: signature, committer: signature, message };
    commit = await writeCommit(world, folder, { ...parts, signed: true });
    await writeRef(folder, `refs/pull/${issue.number}/merge`, commit);
  }
  pull.checked = { head, base, mergeable: tree !== undefined, commit };
}

function hasOpenChecks(repository: Repository, sha: string): boolean {
  const good = ['success', 'neutral', 'skipped'];
  const runs = new Map(repository.checkRuns.filter((run) => run.headSha === sha).map((run) => [run.name, run]));
  const statuses = new Map(repository.statuses.filter((one) => one.sha === sha).map((one) => [one.context, one]));
  return (
    [...runs.values()].some((run) => !good.includes(run.conclusion ?? '')) ||
    [...statuses.values()].some((status) => status.state !== 'success')
  );
}
