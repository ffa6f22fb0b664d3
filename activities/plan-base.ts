import { compareTrees } from '../codegen/compare-trees.ts';
import type { CodeHost, RepositoryName } from '../contract/code-host.ts';
import type { MergedFile, Snapshot, SourceFile, StoredPlan } from '../contract/codegen.ts';

/** The tree that a plan was made on: its base commit with what a merge of the branch brought besides. */
export async function readPlanBase(
  host: CodeHost,
  repository: RepositoryName,
  { baseCommit, merged = [] }: Pick<StoredPlan, 'baseCommit' | 'merged'>,
): Promise<Snapshot> {
  const snapshot = new Map<string, SourceFile>(await host.readSnapshot(repository, baseCommit));
  for (const { path, mode, content } of merged) {
    if (content === null) snapshot.delete(path);
    else snapshot.set(path, { mode, bytes: Buffer.from(content, 'base64') });
  }
  return snapshot;
}

/** In what a merged tree differs from the base, as it is kept with a plan. */
export function mergedFiles(base: Snapshot, merged: Snapshot): readonly MergedFile[] {
  return compareTrees(base, merged).map(({ path, mode, bytes }) => ({
    path,
    mode,
    content: bytes === null ? null : Buffer.from(bytes).toString('base64'),
  }));
}
