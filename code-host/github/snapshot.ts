import type { Snapshot, SourceFile } from '../../contract/codegen.ts';
import { GraftError } from '../../contract/errors.ts';
import { blobId, readArchive } from './archive.ts';
import { readGithubTree } from './base.ts';
import type { GithubRepository } from './client.ts';
import { absentAtGithub, isAnswer } from './errors.ts';
import { listTree } from './tree.ts';
import { checkLinks, refusedPath } from '../tree-paths.ts';

const readAtOnce = 6;
const readOneByOneAtMost = 1000;

/**
 * Every file of a commit, links included as their target's text: from the archive of the commit, proven against its git
 * tree. Throws `not_found`, and `code_host_refused` for submodules, links and paths that leave the tree, and more than
 * 256 MB.
 */
export async function readGithubSnapshot(repository: GithubRepository, commit: string): Promise<Snapshot> {
  const key = `${repository.name.toLowerCase()} ${commit}`;
  const known = repository.kept.snapshots.get(key);
  if (known !== undefined) return known;

  const tree = await listTree(repository, await readGithubTree(repository, commit));
  const files = await readArchive(repository, commit, tree);
  const missing = [...tree].filter(([path]) => !files.has(path));
  if (missing.length > readOneByOneAtMost) throw tooManyLeftOut(missing.length);
  const queue = missing[Symbol.iterator]();
  const readMissing = async (): Promise<void> => {
    for (const [path, { object }] of queue) files.set(path, await readBlob(repository, path, object));
  };
  await Promise.all(Array.from({ length: readAtOnce }, readMissing));

  const snapshot = new Map<string, SourceFile>();
  const links = new Map<string, string>();
  let total = 0;
  for (const [path, { mode }] of tree) {
    const bytes = files.get(path)!;
    snapshot.set(path, { mode, bytes });
    total += bytes.length + path.length + 100;
    if (mode === '120000') links.set(path, Buffer.from(bytes).toString());
  }
  checkLinks(links);
  repository.kept.snapshots.set(key, snapshot, total);
  return snapshot;
}

/** The content of a blob by its id; undefined when GitHub shows no such blob. */
export async function readGithubBlob(repository: GithubRepository, blob: string): Promise<Uint8Array | undefined> {
  try {
    return await readBlob(repository, `blob ${blob}`, blob);
  } catch (error) {
    // 422 is the answer to what is no id.
    if (isAnswer(error, 422)) return undefined;
    return absentAtGithub(error);
  }
}

async function readBlob({ octokit, at }: GithubRepository, path: string, object: string): Promise<Uint8Array> {
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', { ...at, file_sha: object });
  const bytes = Buffer.from(data.content, data.encoding === 'base64' ? 'base64' : 'utf8');
  if (blobId(bytes) === object) return bytes;
  throw refusedPath(path, 'came from GitHub with other content than its commit names. Retry, or tell GitHub.');
}

function tooManyLeftOut(files: number): GraftError {
  return new GraftError(
    'code_host_refused',
    `Attributes of the repository (export-ignore, filters) keep ${files} files out of its archive, more than can be read one by one: remove them from .gitattributes.`,
  );
}
