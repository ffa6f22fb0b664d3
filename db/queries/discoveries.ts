import { eq, sql } from 'drizzle-orm';
import type { Discovered } from '../../contract/connector.ts';
import type { Executor } from '../connect.ts';
import { discoveries } from '../schema/discoveries.ts';

/** Keeps what a provider told now, in place of what it told before; nothing where it told nothing. */
export async function saveDiscovered(
  executor: Executor,
  installation: string,
  discovered: Discovered | undefined,
): Promise<void> {
  if (discovered === undefined) return deleteDiscovered(executor, installation);
  await executor
    .insert(discoveries)
    .values({ installation, discovered })
    .onConflictDoUpdate({ target: discoveries.installation, set: { discovered, at: sql`now()` } });
}

/** What the provider told last for an installation; undefined when it told nothing. */
export async function findDiscovered(executor: Executor, installation: string): Promise<Discovered | undefined> {
  const [found] = await executor
    .select({ discovered: discoveries.discovered })
    .from(discoveries)
    .where(eq(discoveries.installation, installation));
  return found?.discovered;
}

export async function deleteDiscovered(executor: Executor, installation: string): Promise<void> {
  await executor.delete(discoveries).where(eq(discoveries.installation, installation));
}
