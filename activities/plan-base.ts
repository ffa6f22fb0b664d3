import { applyPlan } from '../codegen/apply.ts';
import { compareTrees } from '../codegen/compare-trees.ts';
import { readProject } from '../codegen/read-project.ts';
import type { CodeHost, RepositoryName } from '../contract/code-host.ts';
import type { MergedFile, Snapshot, SourceFile, StoredPlan } from '../contract/codegen.ts';
import type { Project } from '../db/schema/projects.ts';
import type { ControlDependencies } from './dependencies.ts';

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

/** What was validated: the tree that a plan was made on with the plan, and the lock file as the package manager wrote it. */
export async function readValidatedTree(
  { artifacts }: Pick<ControlDependencies, 'artifacts'>,
  { project, host }: { project: Project; host: CodeHost },
  stored: StoredPlan,
  lock: string | undefined,
): Promise<Snapshot> {
  const base = await readPlanBase(host, project.repository, stored);
  const tree = new Map<string, SourceFile>(applyPlan(base, stored.plan));
  if (lock !== undefined) {
    const { lockFile } = readProject(base, project.appDir);
    tree.set(lockFile, { mode: '100644', bytes: await artifacts.get(project.id, lock) });
  }
  return tree;
}

/** In what a merged tree differs from the base, as it is kept with a plan. */
export function mergedFiles(base: Snapshot, merged: Snapshot): readonly MergedFile[] {
  return compareTrees(base, merged).map(({ path, mode, bytes }) => ({
    path,
    mode,
    content: bytes === null ? null : Buffer.from(bytes).toString('base64'),
  }));
}
