import { mkdtemp, readdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeStale } from './workspace.ts';

const prefix = { sandbox: 'graft-sandbox-', proxy: 'graft-proxy-' } as const;

/** A fresh folder for one command. In the system's temporary folder: a socket in it needs a short path. */
export async function makeScratch(kind: keyof typeof prefix): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), prefix[kind])));
}

/** Removes the folders of commands whose worker was killed, untouched since `olderThan`; gives their number. */
export async function removeStaleScratch(olderThan: Date): Promise<number> {
  const names = await readdir(tmpdir());
  const own = names.filter((name) => Object.values(prefix).some((one) => name.startsWith(one)));
  // Everybody may write there: another user's are that user's to remove.
  return removeStale(tmpdir(), own, olderThan, ({ uid }) => uid === process.getuid?.());
}
