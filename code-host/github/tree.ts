import type { FileMode } from '../../contract/codegen.ts';
import { GraftError } from '../../contract/errors.ts';
import type { GithubRepository } from './client.ts';
import { checkPath, refusedPath } from '../tree-paths.ts';

/** As much as Graft reads of one commit. */
export const bytesAtMost = 256 * 1024 ** 2;

export interface TreeEntry {
  mode: FileMode;
  /** Git blob id. */
  object: string;
  size: number;
}

/**
 * Every file of a git tree by path. Throws `code_host_refused` for submodules, paths that leave the tree, names that are
 * not UTF-8, and more than 256 MB.
 */
export async function listTree(repository: GithubRepository, tree: string): Promise<ReadonlyMap<string, TreeEntry>> {
  const entries = new Map<string, TreeEntry>();
  let total = 0;
  for (const { path, mode, object, size } of await readEntries(repository, tree)) {
    // JSON cannot carry other bytes, so GitHub puts the replacement character in their place.
    if (path.includes('\uFFFD')) {
      throw new GraftError(
        'code_host_refused',
        `The name of a file (${JSON.stringify(path)}) is not UTF-8. Rename it.`,
      );
    }
    checkPath(path);
    if (mode === '160000') {
      throw refusedPath(path, 'is a git submodule, which Graft cannot read. Put its files into the repository.');
    }
    total += size;
    if (total > bytesAtMost) {
      throw refusedPath(path, 'brings the files of the repository over 256 MB, which is more than Graft reads.');
    }
    entries.set(path, { mode: mode as FileMode, object, size });
  }
  return entries;
}

interface RawEntry {
  path: string;
  mode: string;
  object: string;
  size: number;
}

/** A tree that is too large for one answer is read folder by folder. */
async function readEntries(repository: GithubRepository, tree: string): Promise<readonly RawEntry[]> {
  const whole = await readTreeOnce(repository, tree, true);
  if (!whole.truncated) return whole.entries.filter(({ mode }) => mode !== folderMode);
  const entries: RawEntry[] = [];
  for (const entry of (await readTreeOnce(repository, tree, false)).entries) {
    if (entry.mode !== folderMode) entries.push(entry);
    else {
      const inside = await readEntries(repository, entry.object);
      entries.push(...inside.map((each) => ({ ...each, path: `${entry.path}/${each.path}` })));
    }
  }
  return entries;
}

const folderMode = '040000';

async function readTreeOnce(
  { octokit, at }: GithubRepository,
  tree: string,
  recursive: boolean,
): Promise<{ truncated: boolean; entries: readonly RawEntry[] }> {
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
    ...at,
    tree_sha: tree,
    ...(recursive && { recursive: '1' }),
  });
  const entries = data.tree.map(({ path, mode, sha, size }) => ({ path, mode, object: sha, size: size ?? 0 }));
  return { truncated: data.truncated, entries };
}
