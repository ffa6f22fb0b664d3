import type { FileMode, Snapshot, SourceFile } from '../../contract/codegen.ts';
import { GraftError } from '../../contract/errors.ts';
import { git } from '../git.ts';
import { commitId, isObjectId } from '../git-names.ts';
import { checkLinks, checkPath, refusedPath } from '../tree-paths.ts';

const bytesAtMost = 256 * 1024 ** 2;
const strict = new TextDecoder('utf-8', { fatal: true });

interface Entry {
  path: string;
  mode: FileMode;
  object: string;
}

/** The tree id of a commit of this repository folder; throws `not_found` when it has no such commit. */
export async function readTree(repository: string, commit: string): Promise<string> {
  const { code, output } = await git(
    repository,
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commitId(commit)}^{tree}`],
    { accept: [1, 128] },
  );
  if (code === 0) return output.toString().trim();
  throw new GraftError('not_found', `The repository has no commit ${commit}; it may have been removed by a push.`);
}

/**
 * Every file of a commit, links included as their target's text.
 * Throws `code_host_refused` for submodules, links and paths that leave the tree, and more than 256 MB.
 */
export async function readSnapshot(repository: string, commit: string): Promise<Snapshot> {
  const tree = await readTree(repository, commit);
  const entries = await listEntries(repository, tree);
  const stored = await readObjects(repository, [...new Set(entries.map(({ object }) => object))]);
  const objects = new Map(stored.map(({ object, bytes }) => [object, bytes]));

  const snapshot = new Map<string, SourceFile>();
  const links = new Map<string, string>();
  for (const { path, mode, object } of entries) {
    const bytes = objects.get(object);
    if (bytes === undefined) throw refusedPath(path, 'has lost its content. Repair the repository with git fsck.');
    snapshot.set(path, { mode, bytes });
    if (mode === '120000') links.set(path, Buffer.from(bytes).toString());
  }
  checkLinks(links);
  return snapshot;
}

async function listEntries(repository: string, tree: string): Promise<Entry[]> {
  const { output } = await git(repository, ['ls-tree', '-r', '-z', '-l', '--full-tree', tree]);
  const entries: Entry[] = [];
  let total = 0;
  for (const line of splitAtNull(output)) {
    const tab = line.indexOf(0x09);
    const [mode, , object, size] = line.subarray(0, tab).toString().split(/ +/);
    const path = pathOf(line.subarray(tab + 1));
    if (mode === '160000') {
      throw refusedPath(path, 'is a git submodule, which Graft cannot read. Put its files into the repository.');
    }
    entries.push({ path, mode: mode as FileMode, object: object! });
    total += Number(size);
    if (total > bytesAtMost) {
      throw refusedPath(path, 'brings the files of the repository over 256 MB, which is more than Graft reads.');
    }
  }
  return entries;
}

function pathOf(bytes: Buffer): string {
  let path: string;
  try {
    path = strict.decode(bytes);
  } catch (cause) {
    const message = `The name of a file (${JSON.stringify(bytes.toString())}) is not UTF-8. Rename it.`;
    throw new GraftError('code_host_refused', message, { cause });
  }
  checkPath(path);
  return path;
}

/** The content of a blob by its id; undefined when the repository has no such blob. */
export async function readBlob(repository: string, blob: string): Promise<Uint8Array | undefined> {
  if (!isObjectId(blob)) return undefined;
  const { code, output } = await git(repository, ['cat-file', 'blob', blob], { accept: [128] });
  return code === 0 ? new Uint8Array(output) : undefined;
}

export interface StoredObject {
  object: string;
  bytes: Uint8Array;
}

/** The objects of these names (ids or refs) in their order, from one process; those that are not there are left out. */
export async function readObjects(repository: string, names: readonly string[]): Promise<readonly StoredObject[]> {
  const read: StoredObject[] = [];
  if (names.length === 0) return read;
  const { output } = await git(repository, ['cat-file', '--batch', '--buffer'], { input: `${names.join('\n')}\n` });
  for (let at = 0; at < output.length;) {
    const lineEnd = output.indexOf(0x0a, at);
    const [object = '', , size] = output.subarray(at, lineEnd).toString().split(' ');
    at = lineEnd + 1;
    if (size === undefined) continue;
    read.push({ object, bytes: new Uint8Array(output.buffer, output.byteOffset + at, Number(size)) });
    at += Number(size) + 1;
  }
  return read;
}

function* splitAtNull(output: Buffer): Generator<Buffer> {
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0, at);
    yield output.subarray(at, end);
    at = end + 1;
  }
}
