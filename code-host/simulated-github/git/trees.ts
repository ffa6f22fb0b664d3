import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { git, gitText } from '../../git.ts';

export interface TreeEntry {
  path: string;
  mode: string;
  type: string;
  sha: string;
  size: number | null;
}

/** Entries of a tree; with `recursive` all below it, folders included. */
export async function readTreeEntries(folder: string, tree: string, recursive: boolean): Promise<TreeEntry[]> {
  const flags = recursive ? ['-r', '-t'] : [];
  const { output } = await git(folder, ['ls-tree', '-z', '-l', ...flags, tree]);
  return output
    .toString()
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', type = '', sha = '', size = '-'] = line.slice(0, tab).split(/ +/);
      return { mode, type, sha, size: size === '-' ? null : Number(size), path: line.slice(tab + 1) };
    });
}

export type TreeChange =
  | { path: string; kind: 'delete' }
  | { path: string; kind: 'blob'; mode: string; sha: string }
  | { path: string; kind: 'tree'; sha: string };

/** The tree that the changes make of another one, or of nothing. */
export async function writeTree(
  folder: string,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  const files = new Map<string, string>();
  const add = async (tree: string, prefix: string) => {
    for (const { path: name, mode, sha, type } of await readTreeEntries(folder, tree, true)) {
      if (type !== 'tree') files.set(`${prefix}${name}`, `${mode} ${sha}`);
    }
  };
  if (base !== undefined) await add(base, '');
  for (const change of changes) {
    makeRoom(files, change);
    if (change.kind === 'blob') files.set(change.path, `${change.mode} ${change.sha}`);
    if (change.kind === 'tree') await add(change.sha, `${change.path}/`);
  }
  const index = path.join(tmpdir(), `simulated-github-${randomUUID()}.index`);
  try {
    const input = [...files].map(([name, object]) => `${object}\t${name}\0`).join('');
    await git(folder, ['update-index', '-z', '--index-info'], { index, input });
    return await gitText(folder, ['write-tree'], { index });
  } finally {
    await rm(index, { force: true });
  }
}

/** A file takes the place of a folder by that name, and a folder that of a file. */
function makeRoom(files: Map<string, string>, change: TreeChange): void {
  for (const name of files.keys()) {
    const below = name.startsWith(`${change.path}/`);
    const above = change.kind !== 'delete' && change.path.startsWith(`${name}/`);
    if (name === change.path || below || above) files.delete(name);
  }
}
