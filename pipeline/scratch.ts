import { lstat, mkdtemp, readdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from './workspace.ts';

const prefix = { sandbox: 'graft-sandbox-', proxy: 'graft-proxy-' } as const;

/** A fresh folder for one command. In the system's temporary folder: a socket in it needs a short path. */
export async function makeScratch(kind: keyof typeof prefix): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), prefix[kind])));
}

/** Removes the folders of commands whose worker was killed, untouched since `olderThan`; gives their number. */
export async function removeStaleScratch(olderThan: Date): Promise<number> {
  let removed = 0;
  for (const name of await readdir(tmpdir())) {
    if (!Object.values(prefix).some((own) => name.startsWith(own))) continue;
    const folder = join(tmpdir(), name);
    const found = await lstat(folder).catch(() => undefined);
    // Everybody may write there: another user's are that user's to remove.
    if (found === undefined || found.uid !== process.getuid?.() || found.mtime >= olderThan) continue;
    await removeTree(folder);
    removed += 1;
  }
  return removed;
}
