import { and, desc, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Discovered } from '../../contract/connector.ts';
import type { Executor } from '../connect.ts';
import { discoveries } from '../schema/discoveries.ts';

/** Keeps what an account told now, in place of what was told before; where it told nothing, what it told before itself. */
export async function saveDiscovered(
  executor: Executor,
  installation: string,
  { account, discovered }: { account: string; discovered: Discovered | undefined },
): Promise<void> {
  if (discovered === undefined) {
    const ofAnother = and(eq(discoveries.installation, installation), ne(discoveries.account, account));
    return void (await executor.delete(discoveries).where(ofAnother));
  }
  await executor
    .insert(discoveries)
    .values({ installation, account, discovered })
    .onConflictDoUpdate({ target: discoveries.installation, set: { account, discovered, at: sql`now()` } });
}

/** What was told for any of these installations, the newest first. */
export async function listDiscovered(
  executor: Executor,
  of: readonly { id: string }[],
): Promise<{ installation: string; discovered: Discovered }[]> {
  const ids = of.map(({ id }) => id);
  return executor
    .select({ installation: discoveries.installation, discovered: discoveries.discovered })
    .from(discoveries)
    .where(inArray(discoveries.installation, ids))
    .orderBy(desc(discoveries.at), desc(discoveries.installation));
}

export async function deleteDiscovered(executor: Executor, installation: string): Promise<void> {
  await executor.delete(discoveries).where(eq(discoveries.installation, installation));
}
