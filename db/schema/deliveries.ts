import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';

/** A webhook that a code host delivered: whose workflows to wake, and nothing else of what it said. */
export const deliveries = pgTable(
  'deliveries',
  {
    /** The host's own id, the same when it delivers again. */
    id: text('id').primaryKey(),
    event: text('event').notNull(),
    /** Empty for events that have none. */
    action: text('action').notNull(),
    repository: text('repository').notNull(),
    /** Branch that was pushed to, null for events that are not about one. */
    branch: text('branch'),
    /** Pull request that it is about, null for events that are not about one. */
    number: integer('number'),
    receivedAt: moment('received_at').notNull().defaultNow(),
    /** When the workflows were told; null until then. */
    handledAt: moment('handled_at'),
  },
  (table) => [
    index('deliveries_open')
      .on(table.receivedAt)
      .where(sql`${table.handledAt} is null`),
  ],
);
export type Delivery = typeof deliveries.$inferSelect;
