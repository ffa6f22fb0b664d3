import { and, asc, inArray, isNull, lte, sql } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { type Delivery, deliveries } from '../schema/deliveries.ts';

/** Notified, with nothing, whenever a delivery was stored. */
export const deliveriesChannel = 'graft_deliveries';

export type NewDelivery = Omit<Delivery, 'receivedAt' | 'handledAt'>;

/** Stores what a code host delivered, and tells listeners; a delivery whose id is known changes nothing. */
export async function insertDelivery(executor: Executor, given: NewDelivery): Promise<void> {
  const { id, event, action, repository, branch, number } = given;
  await executor.execute(sql`
    with stored as (
      insert into ${deliveries} (id, event, action, repository, branch, number)
      values (${id}, ${event}, ${action}, ${repository}, ${branch}, ${number})
      on conflict do nothing
      returning id)
    select pg_notify(${deliveriesChannel}, '') from stored`);
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
