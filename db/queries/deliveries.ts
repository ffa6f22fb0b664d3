import { and, asc, inArray, isNull, lte, sql } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { type Delivery, deliveries } from '../schema/deliveries.ts';

/** Notified, with nothing, after deliveries were stored. */
export const deliveriesChannel = 'graft_deliveries';

export type NewDelivery = Omit<Delivery, 'receivedAt' | 'handledAt'>;

/** Stores what a code host delivered; a delivery whose id is known changes nothing. Listeners are told by `tellOfDeliveries`. */
export async function insertDelivery(executor: Executor, delivery: NewDelivery): Promise<void> {
  await executor.insert(deliveries).values(delivery).onConflictDoNothing();
}

/** Tells listeners that there are new deliveries. Not with each of them: transactions that notify commit one by one. */
export async function tellOfDeliveries(executor: Executor): Promise<void> {
  await executor.execute(sql`select pg_notify(${deliveriesChannel}, '')`);
}

/** Deliveries that nobody handled yet, the oldest first, and held by the transaction so that no other takes them. */
export async function takeDeliveries(transaction: Executor, limit: number): Promise<Delivery[]> {
  return transaction
    .select()
    .from(deliveries)
    .where(isNull(deliveries.handledAt))
    .orderBy(asc(deliveries.receivedAt), asc(deliveries.id))
    .limit(limit)
    .for('update', { skipLocked: true });
}

/** Writes that these deliveries are done with. */
export async function markHandled(transaction: Executor, ids: readonly string[]): Promise<void> {
  await transaction
    .update(deliveries)
    .set({ handledAt: sql`now()` })
    .where(and(inArray(deliveries.id, [...ids]), isNull(deliveries.handledAt)));
}

/** Forgets deliveries older than that many days, handled or not; gives their number. */
export async function deleteOldDeliveries(executor: Executor, days: number): Promise<number> {
  const deleted = await executor
    .delete(deliveries)
    .where(lte(deliveries.receivedAt, sql`now() - make_interval(days => ${days})`))
    .returning({ id: deliveries.id });
  return deleted.length;
}
