import { ownFiles } from '../codegen/plan-files.ts';
import { findRecord, recordPath, sharedRecord } from '../codegen/records.ts';
import type { CodeHost } from '../contract/code-host.ts';
import type { Snapshot, SourceFile } from '../contract/codegen.ts';
import type { Database } from '../db/connect.ts';
import { findDrift } from '../db/queries/drift.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';

/**
 * A tree with a connector's ownership record as it was when all was there last, where people took the record out and left
 * files of it: without it these would count as theirs. The tree as it is in every other case.
 */
export async function restoreRecord(
  { database, host, project }: { database: Database; host: CodeHost; project: Project },
  installation: Installation,
  tree: Snapshot,
): Promise<Snapshot> {
  const { repository, appDir } = project;
  if (findRecord(tree, appDir, installation) !== undefined) return tree;
  const heldAt = (await findDrift(database, installation.id))?.heldAt;
  if (heldAt === undefined || heldAt === null) return tree;
  const held = await host.readSnapshot(repository, heldAt);
  const record = findRecord(held, appDir, installation);
  const folder = appDir === '' ? '' : `${appDir}/`;
  if (record === undefined || !ownFiles(record).some(({ file }) => tree.has(folder + file))) return tree;
  const restored = new Map<string, SourceFile>(tree);
  for (const path of [recordPath(installation), sharedRecord].map((file) => folder + file)) {
    const file = held.get(path);
    if (file !== undefined && !restored.has(path)) restored.set(path, file);
  }
  return restored;
}
