import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PlannedFile } from '../contract/codegen.ts';
import { GraftError } from '../contract/errors.ts';

/** Writes a plan's files into an unpacked tree; throws `project_changed` where the tree is not the one that was planned on. */
export async function writePlannedFiles(tree: string, files: readonly PlannedFile[]): Promise<void> {
  for (const file of files) {
    const path = await placeInside(tree, file.path);
    if ((await blobAt(path)) !== file.before)
      throw new GraftError('project_changed', `${file.path} is not the file that was planned on: plan again.`);
    if (file.text === null) await rm(path);
    else {
      await writeFile(path, file.text);
      await chmod(path, file.mode === '100755' ? 0o755 : 0o644);
    }
  }
}

/** The path of a file in a tree after its folders were made; throws when it leads out of the tree, through links too. */
async function placeInside(tree: string, path: string): Promise<string> {
  const target = join(tree, path);
  if (!target.startsWith(`${tree}/`)) throw leaves(path);
  await mkdir(dirname(target), { recursive: true });
  if ((await realpath(dirname(target))) !== dirname(target)) throw leaves(path);
  return target;
}

function leaves(path: string): GraftError {
  return new GraftError('validation_failed', `${path} would be written outside of the app's tree.`);
}

async function blobAt(path: string): Promise<string | null> {
  const file = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return null;
  if (!file.isFile()) return 'not a file';
  const bytes = await readFile(path);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
