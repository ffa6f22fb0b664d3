import { git } from '../../git.ts';

const shaShape = /^[0-9a-f]{40}$/;

/** Is this a full object id? */
export function isSha(value: string): boolean {
  return shaShape.test(value);
}

/** Kind of an object, undefined when the repository does not have it. */
export async function typeOf(folder: string, sha: string): Promise<string | undefined> {
  if (!isSha(sha)) return undefined;
  const { output } = await git(folder, ['cat-file', '--batch-check=%(objecttype)'], { input: `${sha}\n` });
  const type = output.toString().trim();
  return type.endsWith('missing') ? undefined : type;
}

/** Bytes of a blob, undefined when there is none by this id. */
export async function readBlob(folder: string, sha: string): Promise<Buffer | undefined> {
  if ((await typeOf(folder, sha)) !== 'blob') return undefined;
  return (await git(folder, ['cat-file', 'blob', sha])).output;
}

/** Writes a blob and gives its id. */
export async function writeBlob(folder: string, bytes: Uint8Array): Promise<string> {
  const { output } = await git(folder, ['hash-object', '-w', '--stdin'], { input: bytes });
  return output.toString().trim();
}

/** The commit that a name means: a full or short id, a branch, a tag, or either with its folder. */
export async function resolveCommit(folder: string, name: string): Promise<string | undefined> {
  return await resolve(folder, name, 'commit');
}

/** The tree that an id, or a name of a commit, means. */
export async function resolveTree(folder: string, name: string): Promise<string | undefined> {
  return await resolve(folder, name, 'tree');
}

/** Id of a folder's tree in a commit, undefined when it has no such folder. */
export async function resolveTreeBelow(folder: string, commit: string, path: string): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}:${path}`];
  const { code, output } = await git(folder, args, { accept: [1, 128] });
  return code === 0 ? output.toString().trim() : undefined;
}

async function resolve(folder: string, name: string, type: string): Promise<string | undefined> {
  const candidates = isSha(name)
    ? [name]
    : [
        `refs/heads/${name}`,
        `refs/tags/${name}`,
        ...(/^(heads|tags|pull)\//.test(name) ? [`refs/${name}`] : []),
        ...(name.startsWith('refs/') || name === 'HEAD' || /^[0-9a-f]{4,39}$/.test(name) ? [name] : []),
      ];
  // No revision syntax: a ref never has these characters.
  if (!/^[^\s~^:?*[\\@]+(@[^\s{~^:?*[\\@]+)*$/.test(name)) return undefined;
  for (const candidate of candidates) {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${candidate}^{${type}}`];
    const { code, output } = await git(folder, args, { accept: [1, 128] });
    if (code === 0) return output.toString().trim();
  }
  return undefined;
}
