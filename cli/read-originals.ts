import { execFileSync } from 'node:child_process';
import { listChangedOriginals } from '../codegen/originals.ts';
import type { WantedConnector } from '../contract/codegen.ts';
import type { AppFolder } from './read-app-folder.ts';

/**
 * What was written into files of these connectors that people changed since, by blob id, out of the history of the app's git
 * repository; what is not committed, or in no repository, is left out.
 */
export function readOriginals(
  { folder, snapshot, appDir }: AppFolder,
  wanted: readonly WantedConnector[],
): ReadonlyMap<string, string> {
  const originals = new Map<string, string>();
  for (const blob of wanted.flatMap((one) => listChangedOriginals(snapshot, appDir, one))) {
    const text = readBlob(folder, blob);
    if (text !== undefined) originals.set(blob, text);
  }
  return originals;
}

function readBlob(folder: string, blob: string): string | undefined {
  try {
    return execFileSync('git', ['cat-file', 'blob', blob], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  } catch {
    // No git, no repository, or no such blob: then the file stays as people have it.
    return undefined;
  }
}
