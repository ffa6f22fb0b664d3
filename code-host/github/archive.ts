import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Header, extract } from 'tar-stream';
import { GraftError } from '../../contract/errors.ts';
import type { GithubRepository } from './client.ts';
import { type TreeEntry, bytesAtMost } from './tree.ts';
import { checkPath, refusedPath } from '../tree-paths.ts';

const millisecondsForAll = 300_000;

/**
 * The bytes of the files of a tree by path, as far as the archive of its commit has them as they are: attributes in the
 * repository may leave files out of it, or change them. Throws `code_host_refused` for a path that the tree lacks.
 */
export async function readArchive(
  { octokit, at }: GithubRepository,
  commit: string,
  tree: ReadonlyMap<string, TreeEntry>,
): Promise<Map<string, Uint8Array>> {
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/tarball/{ref}', {
    ...at,
    ref: commit,
    request: { parseSuccessResponseBody: false, signal: AbortSignal.timeout(millisecondsForAll) },
  });
  const files = new Map<string, Uint8Array>();
  const unpacked = extract();
  const piped = pipeline(Readable.fromWeb(data as Parameters<typeof Readable.fromWeb>[0]), createGunzip(), unpacked);
  try {
    let total = 0;
    for await (const entry of unpacked) {
      const { header } = entry;
      total += header.size;
      if (total > 2 * bytesAtMost) throw tooLarge();
      const path = pathOf(header);
      const expected = path === undefined ? undefined : expectedAt(path, tree);
      const bytes = expected && mayBe(header, expected) ? await buffer(entry) : void entry.resume();
      const read = header.type === 'symlink' ? Buffer.from(header.linkname ?? '') : bytes;
      const proven = [read, withUnixLineEnds(read)].find((one) => one && blobId(one) === expected?.object);
      if (path !== undefined && proven !== undefined) files.set(path, proven);
    }
    await piped;
  } catch (error) {
    // Ended by us, or the cause of what we caught.
    piped.catch(() => undefined);
    unpacked.destroy();
    if (error instanceof GraftError) throw error;
    throw new GraftError('unavailable', 'The archive of the repository broke off; it is tried again.', {
      cause: error,
      retryAfterSeconds: 5,
    });
  }
  return files;
}

/** The id that git gives to these bytes as a file. */
export function blobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Path without the folder that GitHub puts around everything; undefined for folders. */
function pathOf({ name, type }: Header): string | undefined {
  const [, path] = /^[^/]+\/(.*)$/s.exec(name) ?? [];
  if (type === 'directory') return undefined;
  if (path === undefined) throw refusedPath(name, 'lies outside the folder of the archive.');
  checkPath(path);
  return path;
}

function expectedAt(path: string, tree: ReadonlyMap<string, TreeEntry>): TreeEntry {
  const expected = tree.get(path);
  if (expected !== undefined) return expected;
  throw refusedPath(path, 'is in the archive of the commit, and not in the commit. Retry, or tell GitHub.');
}

/** Worth reading into memory: a file, at most twice as long because of other line ends. */
function mayBe({ type, size }: Header, expected: TreeEntry): boolean {
  return type === 'file' && size <= 2 * expected.size;
}

/** What `eol=crlf` did to a file is taken back. */
function withUnixLineEnds(bytes: Buffer | undefined): Buffer | undefined {
  return bytes?.includes('\r\n') ? Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1') : undefined;
}

function tooLarge(): GraftError {
  return new GraftError('code_host_refused', 'The archive of the repository is larger than 512 MB unpacked.');
}
