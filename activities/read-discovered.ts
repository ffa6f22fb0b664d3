import { findRecord } from '../codegen/records.ts';
import type { CodeChange } from '../contract/closed-sets.ts';
import type { Snapshot } from '../contract/codegen.ts';
import type { Discovered } from '../contract/connector.ts';
import { findDiscovered } from '../db/queries/discoveries.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { ControlDependencies } from './dependencies.ts';

/**
 * Reads what the provider told, and gives what of it an operation may use in a tree: an install uses nothing where the code is
 * there already, since another environment brought it.
 */
export async function readDiscovered(
  { database }: Pick<ControlDependencies, 'database'>,
  { operation, installation, appDir }: { operation: CodeChange; installation: Installation; appDir: string },
): Promise<(tree: Snapshot) => Discovered | undefined> {
  const told = operation === 'remove' ? undefined : await findDiscovered(database, installation.id);
  return (tree) => (operation === 'install' && findRecord(tree, appDir, installation) !== undefined ? undefined : told);
}
