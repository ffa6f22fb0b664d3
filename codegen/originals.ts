import type { Snapshot } from '../contract/codegen.ts';
import type { AppFacts, OwnedFile } from '../contract/connector.ts';
import { blobId } from './blob.ts';
import { openDraft } from './draft.ts';
import { ownFiles, toAppLanguage } from './plan-files.ts';
import { findRecord } from './records.ts';

/** Blob ids of what was written into a connector's own files that people changed since: an update needs their texts. */
export function listChangedOriginals(
  snapshot: Snapshot,
  appDir: string,
  of: { connector: string; alias: string },
): string[] {
  const record = findRecord(snapshot, appDir, of);
  if (record === undefined) return [];
  const draft = openDraft(snapshot, appDir);
  return ownFiles(record).flatMap(({ file, hash }) => {
    const there = draft.problem(file) === undefined ? draft.read(file) : undefined;
    // A record is a file of the app, and what it says becomes an argument of git.
    if (hash === null || !/^[0-9a-f]{40}$/.test(hash)) return [];
    return there === undefined || blobId(there) === hash ? [] : [hash];
  });
}

/** What a contribution's files hold in an app, by blob id. */
export function textsByBlob(files: readonly OwnedFile[], app: Pick<AppFacts, 'language'>): Map<string, string> {
  const written = files.flatMap((file) => toAppLanguage(file, app) ?? []);
  return new Map(written.map(({ text }) => [blobId(text), text]));
}
