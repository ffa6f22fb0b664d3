import { CancellationScope } from '@temporalio/workflow';

/** An undo, registered before its step acts; safe to run twice and on what never happened. */
export type Undo = () => Promise<'undone' | 'merged'>;

/** Runs the undos newest first. `merged` from one means the merge came first: nothing else is undone. */
export async function runUndos(undos: readonly Undo[]): Promise<'undone' | 'merged'> {
  return CancellationScope.nonCancellable(async () => {
    for (const undo of undos.toReversed()) if ((await undo()) === 'merged') return 'merged';
    return 'undone';
  });
}
