import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { Discovered } from '../../contract/connector.ts';
import { moment } from './columns.ts';
import { installations } from './installations.ts';

/** What a test of the credentials told last of an account that code is generated from; gone with the credentials. */
export const discoveries = pgTable('discoveries', {
  installation: text('installation')
    .primaryKey()
    .references(() => installations.id),
  /** The account that told it, as people know it. */
  account: text('account').notNull(),
  discovered: jsonb('discovered').$type<Discovered>().notNull(),
  at: moment('at').notNull().defaultNow(),
});
