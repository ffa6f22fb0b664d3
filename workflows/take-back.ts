import { CancellationScope } from '@temporalio/workflow';
import type { Outcome } from '../contract/workflows.ts';
import type { Operation } from './operation.ts';
import { records, settled } from './policies.ts';

/**
 * Takes an update or a removal back that was not merged: closes its pull request and puts the installation where it was. When
 * the merge came first it gives `merged`, and nothing is put back.
 */
export async function takeBack(
  operation: Operation,
  change: 'update' | 'remove',
  outcome: Outcome,
  because: string,
): Promise<'restored' | 'merged'> {
  const { installation } = operation.input;
  return CancellationScope.nonCancellable(async () => {
    const { status } = operation;
    operation.takeBack();
    operation.enter('deactivate');
    // A workflow that is lost from here on goes on taking it back.
    const undoing = { installation, status, step: 'deactivate', event: 'started' } as const;
    await records.recordWait({ ...undoing, message: because, outcome });
    const why = `Graft takes this ${nouns[change]} back.`;
    const { merged } = await operation.attempt(() =>
      settled.closePullRequest({ installation, operation: change, why }),
    );
    if (merged) return 'merged';
    const restored = await operation.attempt(() => settled.restore({ installation, because }));
    operation.enter('deactivate', restored.status);
    return 'restored';
  });
}

const nouns = { update: 'update', remove: 'removal' } as const;
