import type { FileChange } from '../contract/code-host.ts';
import type { Snapshot } from '../contract/codegen.ts';
import { isSameFile } from './merge-trees.ts';
import { compareText } from './order.ts';

/** The changes that make one tree into another, by path in order. */
export function compareTrees(from: Snapshot, to: Snapshot): readonly FileChange[] {
  return [...new Set([...from.keys(), ...to.keys()])].toSorted(compareText).flatMap((path) => {
    const [before, after] = [from.get(path), to.get(path)];
    if (isSameFile(before, after)) return [];
    return [{ path, mode: (after ?? before)?.mode ?? '100644', bytes: after?.bytes ?? null }];
  });
}
