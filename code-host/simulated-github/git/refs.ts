import { git } from '../../git.ts';
import { readRefs } from '../../git-refs.ts';

/** Branches and tags with what they point at. */
export async function branchesAndTags(folder: string): Promise<Record<string, string>> {
  const refs = await readRefs(folder, ['refs/heads', 'refs/tags']);
  return Object.fromEntries([...refs].map(([name, { object }]) => [name, object]));
}

/** Does git take this as the full name of a ref? */
export async function isRefName(folder: string, ref: string): Promise<boolean> {
  if (ref.startsWith('-')) return false;
  const { code } = await git(folder, ['check-ref-format', ref], { accept: [1] });
  return code === 0;
}

/** Writes a ref whatever it is now. */
export async function writeRef(folder: string, ref: string, sha: string): Promise<void> {
  await git(folder, ['update-ref', '--no-deref', ref, sha]);
}

/** Deletes a ref; content when there is none. */
export async function deleteRef(folder: string, ref: string): Promise<void> {
  await git(folder, ['update-ref', '--no-deref', '-d', ref]);
}
