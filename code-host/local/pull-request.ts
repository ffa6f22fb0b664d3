import type { PullRequest, PullRequestText } from '../../contract/code-host.ts';
import { GraftError } from '../../contract/errors.ts';
import { changeRefs, readRefs, untilWritten } from '../git-refs.ts';
import { readBase } from './base.ts';
import { ownCommitsRef, readOwnCommits } from './commit.ts';
import { type PullRecord, headRef, metaRef, readPull, readPullsOfBranch, writeRecord } from './record.ts';
import { type PullTruth, areOurs, contains, mergeTrees, readTruth } from './truth.ts';
import { branchRef } from '../git-names.ts';

/** A pull request without its link. */
export type LocalPullRequest = Omit<PullRequest, 'url'>;

/** Reads one pull request of a repository folder as the repository stands now. */
export async function readLocalPullRequest(repository: string, number: number): Promise<LocalPullRequest> {
  return await describe(repository, await readTruth(repository, number));
}

/** The open pull request of a branch, else its newest, else undefined. */
export async function findLocalPullRequest(repository: string, branch: string): Promise<LocalPullRequest | undefined> {
  const { pulls } = await readPullsOfBranch(repository, branch);
  let newest: PullTruth | undefined;
  for (const { number } of pulls.toReversed()) {
    const truth = await readTruth(repository, number);
    newest ??= truth;
    if (truth.state === 'open') return await describe(repository, truth);
  }
  return newest === undefined ? undefined : await describe(repository, newest);
}

/**
 * Opens a pull request of a branch into the base, or gives the open one, or the merged one when nothing is left to merge.
 * Throws `code_host_refused` when there is no such branch, or nothing on it.
 */
export async function openLocalPullRequest(
  repository: string,
  branch: string,
  text: PullRequestText,
): Promise<LocalPullRequest> {
  const ref = branchRef(branch);
  return await untilWritten<LocalPullRequest>(async () => {
    const { next } = await readPullsOfBranch(repository, branch);
    const before = await findLocalPullRequest(repository, branch);
    if (before?.state === 'open') return { written: before };

    const base = await readBase(repository);
    const tip = (await readRefs(repository, [ref])).get(ref)?.object;
    if (tip === undefined) {
      throw new GraftError('code_host_refused', `There is no branch ${branch} to open a pull request for.`);
    }
    if (await contains(repository, base.commit, tip)) {
      if (before?.state === 'merged') return { written: before };
      throw new GraftError('code_host_refused', `The branch ${branch} has nothing that ${base.branch} lacks.`);
    }
    const record: PullRecord = {
      format: 1,
      ...plain(text),
      labels: [...text.labels],
      branch,
      base: base.branch,
      state: 'open',
      comments: [],
    };
    const lost = await changeRefs(repository, [
      { ref: `refs/heads/${base.branch}`, from: base.commit },
      { ref, from: tip },
      { ref: metaRef(next), from: undefined, to: await writeRecord(repository, record) },
      { ref: headRef(next), from: undefined, to: tip },
    ]);
    return lost === undefined ? { written: await readLocalPullRequest(repository, next) } : { lost };
  });
}

/** Changes what is stored of a pull request, such as its text and draft mark, whatever its state is. */
export async function rewriteLocalPullRequest(
  repository: string,
  number: number,
  change: (record: PullRecord) => Partial<PullRecord>,
): Promise<void> {
  await untilWritten(async () => {
    const { pull } = await readPull(repository, number);
    const meta = await writeRecord(repository, { ...pull.record, ...change(pull.record) });
    if (meta === pull.meta) return { written: undefined };
    const lost = await changeRefs(repository, [{ ref: metaRef(number), from: pull.meta, to: meta }]);
    return lost === undefined ? { written: undefined } : { lost };
  });
}

/** Closes an open pull request with a comment; one that is merged or closed already stays as it is. */
export async function closeLocalPullRequest(
  repository: string,
  number: number,
  comment: { by: 'graft' | 'reviewer'; text: string },
): Promise<LocalPullRequest> {
  return await untilWritten<LocalPullRequest>(async () => {
    const truth = await readTruth(repository, number);
    const { pull, unchanged } = truth;
    if (pull.record.state !== 'open') return { written: await describe(repository, truth) };
    const record: PullRecord = { ...pull.record, state: 'closed', comments: [...pull.record.comments, comment] };
    const meta = await writeRecord(repository, record);
    // Only while base and branch stand where they were read: a merge in between wins.
    const lost = await changeRefs(
      repository,
      unchanged.map((change) => (change.ref === metaRef(number) ? { ...change, to: meta } : change)),
    );
    return lost === undefined ? { written: await readLocalPullRequest(repository, number) } : { lost };
  });
}

/** Deletes a branch of ours; `code_host_refused` for the base, and when commits of others would be lost with it. */
export async function deleteLocalBranch(repository: string, branch: string): Promise<void> {
  const ref = branchRef(branch);
  await untilWritten(async () => {
    const base = await readBase(repository);
    const tip = (await readRefs(repository, [ref])).get(ref)?.object;
    if (branch === base.branch) {
      throw new GraftError('code_host_refused', `${branch} is the base branch; Graft deletes only its own.`);
    }
    if (tip === undefined) return { written: undefined };
    const own = await readOwnCommits(repository, branch);
    if (!(await areOurs(repository, { head: tip, base: base.commit, own: own.commits }))) {
      const message = `The branch ${branch} holds commits that are not ours and not in ${base.branch}; it stays.`;
      throw new GraftError('code_host_refused', message, { details: { branch } });
    }
    const named = (await readPullsOfBranch(repository, branch)).pulls.length > 0;
    const lost = await changeRefs(repository, [
      { ref, from: tip, to: null },
      { ref: ownCommitsRef(branch), from: own.object, ...(named ? {} : { to: null }) },
    ]);
    return lost === undefined ? { written: undefined } : { lost };
  });
}

async function describe(repository: string, truth: PullTruth): Promise<LocalPullRequest> {
  const { number, record } = truth.pull;
  const { state, head, base, ours } = truth;
  const mergeable = state === 'open' && (await mergeTrees(repository, base.commit, head)) !== undefined;
  return { number, ...plain(record), branch: record.branch, state, head, base, ours, mergeable };
}

function plain({ title, body, draft, labels }: PullRequestText): PullRequestText {
  return { title, body, draft, labels: [...labels] };
}
