import type { Plan, Snapshot, SourceFile } from '../contract/codegen.ts';
import { GraftError } from '../contract/errors.ts';
import { blobId } from './blob.ts';

/** The snapshot after a plan; throws `project_changed` when a file is not what the plan was made for. */
export function applyPlan(snapshot: Snapshot, plan: Plan): Snapshot {
  const result = new Map<string, SourceFile>(snapshot);
  for (const file of plan.files) {
    const current = snapshot.get(file.path);
    if ((current === undefined ? null : blobId(current.bytes)) !== file.before) {
      throw new GraftError('project_changed', `${file.path} is not what the plan was made for. Make a new plan.`);
    }
    if (file.text === null) result.delete(file.path);
    else result.set(file.path, { mode: file.mode, bytes: Buffer.from(file.text) });
  }
  return result;
}
