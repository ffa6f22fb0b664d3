import { git } from '../../git.ts';
import type { World } from '../world.ts';
import { readCommit } from './commits.ts';
import { writeCommit } from './write-commit.ts';

/** The tree of a three-way merge of two commits, undefined when they conflict. */
export async function mergeTrees(folder: string, ours: string, theirs: string): Promise<string | undefined> {
  const args = ['merge-tree', '--write-tree', '--no-messages', '--allow-unrelated-histories', ours, theirs];
  const { code, output } = await git(folder, args, { accept: [1] });
  return code === 0 ? output.toString().trim() : undefined;
}

/** The tree of a commit's change on top of another commit, undefined when it does not apply. */
export async function cherryPickTree(
  world: World,
  folder: string,
  commit: string,
  onto: string,
): Promise<string | undefined> {
  const picked = await readCommit(folder, commit);
  const target = await readCommit(folder, onto);
  // A stand-in for the target whose only parent is the commit's own, so that the merge base is that parent.
  const standIn = await writeCommit(world, folder, {
    tree: target.tree,
    parents: picked.parents.slice(0, 1),
    author: target.author,
    committer: target.committer,
    message: 'stand-in\n',
    signed: false,
  });
  return await mergeTrees(folder, standIn, commit);
}
