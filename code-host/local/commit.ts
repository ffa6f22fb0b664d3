import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CommitInput, FileChange } from '../../contract/code-host.ts';
import { GraftError } from '../../contract/errors.ts';
import { git, gitText } from '../git.ts';
import { changeRefs, readRefs, untilWritten } from '../git-refs.ts';
import { baseBranch } from './base.ts';
import { readObjects, readTree } from './snapshot.ts';
import { branchRef, commitId } from '../git-names.ts';
import { checkPath } from '../tree-paths.ts';

/** Where the ids of our own commits on a branch are kept: authorship alone proves nothing. */
export function ownCommitsRef(branch: string): string {
  return `refs/graft/commits/${branch}`;
}

/**
 * Commits changes to a branch of a repository folder if it stands where the input says, or finds the same commit again.
 * Throws `code_host_refused` when the branch moved, or is the base.
 */
export async function commitToBranch(
  repository: string,
  input: CommitInput,
): Promise<{ commit: string; tree: string }> {
  const branch = branchRef(input.branch);
  if (input.branch === (await baseBranch(repository))) {
    throw new GraftError('code_host_refused', `${input.branch} is the base branch; Graft commits only to its own.`);
  }
  const tree = await writeTree(repository, await readTree(repository, input.onto), input.changes);
  const parents = input.parents.map(commitId);
  let commit: string | undefined;

  return await untilWritten<{ commit: string; tree: string }>(async () => {
    const head = (await readRefs(repository, [branch])).get(branch)?.object;
    const own = await readOwnCommits(repository, input.branch);
    const before = await findSame(repository, { head, own: own.commits, parents: input.parents, tree });
    if (before !== undefined) return { written: { commit: before, tree } };
    if ((head ?? null) !== input.expectedHead) throw movedBranch(input.branch);

    commit ??= await gitText(
      repository,
      ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'],
      {
        input: input.message,
      },
    );
    const kept = await gitText(repository, ['hash-object', '-w', '--stdin'], {
      input: [...own.commits.add(commit), ''].join('\n'),
    });
    // Known as ours before it can be seen on the branch.
    const record = { ref: ownCommitsRef(input.branch), from: own.object, to: kept };
    const lost =
      (await changeRefs(repository, [record])) ??
      (await changeRefs(repository, [{ ref: branch, from: head, to: commit }]));
    return lost === undefined ? { written: { commit, tree } } : { lost };
  });
}

/** Ids of our commits on a branch, and the object that keeps them. Read it after the branch's head: it is written before. */
export async function readOwnCommits(
  repository: string,
  branch: string,
): Promise<{ object: string | undefined; commits: Set<string> }> {
  const [record] = await readObjects(repository, [ownCommitsRef(branch)]);
  const lines = record === undefined ? [] : Buffer.from(record.bytes).toString().split('\n');
  return { object: record?.object, commits: new Set(lines.filter(Boolean)) };
}

/** Our own commit on the branch with these parents and this tree: what an earlier try of the same call has made. */
async function findSame(
  repository: string,
  wanted: { head: string | undefined; own: ReadonlySet<string>; parents: readonly string[]; tree: string },
): Promise<string | undefined> {
  if (wanted.head === undefined || wanted.own.size === 0) return undefined;
  const range = ['--format=%H %T %P', '--no-commit-header', wanted.head, `^${wanted.parents[0]}`];
  for (const line of (await gitText(repository, ['rev-list', ...range])).split('\n')) {
    const [commit = '', tree, ...parents] = line.split(' ');
    if (wanted.own.has(commit) && tree === wanted.tree && parents.join() === wanted.parents.join()) return commit;
  }
  return undefined;
}

async function writeTree(repository: string, tree: string, changes: readonly FileChange[]): Promise<string> {
  for (const change of changes) checkPath(change.path);
  const folder = await mkdtemp(path.join(tmpdir(), 'graft-commit-'));
  try {
    const index = path.join(folder, 'index');
    const objects = await writeObjects(repository, folder, changes);
    const lines = changes.map(({ path: file, mode }, at) => {
      const object = objects[at];
      return object === undefined ? `0 ${'0'.repeat(40)}\t${file}\0` : `${mode} ${object}\t${file}\0`;
    });
    await git(repository, ['read-tree', tree], { index });
    await git(repository, ['update-index', '-z', '--index-info'], { index, input: lines.join('') });
    return await gitText(repository, ['write-tree'], { index });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Blob ids in the order of the changes, undefined for a deletion; one process writes them all. */
async function writeObjects(
  repository: string,
  folder: string,
  changes: readonly FileChange[],
): Promise<readonly (string | undefined)[]> {
  const files = changes.flatMap(({ bytes }, at) =>
    bytes === null ? [] : [{ file: path.join(folder, `${at}`), bytes }],
  );
  await Promise.all(files.map(({ file, bytes }) => writeFile(file, bytes)));
  const paths = files.map(({ file }) => `${file}\n`).join('');
  const written = await gitText(repository, ['hash-object', '-w', '--no-filters', '--stdin-paths'], { input: paths });
  const ids = written.split('\n')[Symbol.iterator]();
  return changes.map(({ bytes }) => (bytes === null ? undefined : ids.next().value));
}

function movedBranch(branch: string): GraftError {
  return new GraftError(
    'code_host_refused',
    `The branch ${branch} moved while it was written: somebody pushed to it or deleted it. It is read again on retry.`,
    { details: { branch } },
  );
}
