import { findRecord } from '../codegen/records.ts';
import type { CodeChange } from '../contract/closed-sets.ts';
import type { Snapshot } from '../contract/codegen.ts';
import type { Discovered } from '../contract/connector.ts';
import { listDiscovered } from '../db/queries/discoveries.ts';
import { findCodeSharers } from '../db/queries/installations.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { ControlDependencies } from './dependencies.ts';

/**
 * Reads what the provider told, and gives what of it an operation may use in a tree. An install uses nothing where the code is
 * there already, since another environment brought it; an update of one that was told nothing uses what another was told.
 */
export async function readDiscovered(
  { database }: Pick<ControlDependencies, 'database'>,
  { operation, installation, appDir }: { operation: CodeChange; installation: Installation; appDir: string },
): Promise<(tree: Snapshot) => Discovered | undefined> {
  const sharers = operation === 'update' ? await findCodeSharers(database, installation) : [];
  const all = operation === 'remove' ? [] : await listDiscovered(database, [installation, ...sharers]);
  const told = all.find((one) => one.installation === installation.id) ?? all[0];
  return (tree) =>
    operation === 'install' && findRecord(tree, appDir, installation) !== undefined ? undefined : told?.discovered;
}
