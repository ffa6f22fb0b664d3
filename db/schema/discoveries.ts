import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { Discovered } from '../../contract/connector.ts';
import { moment } from './columns.ts';
import { installations } from './installations.ts';

/** What the newest test of the credentials told of an account that code is generated from; gone with the installation. */
export const discoveries = pgTable('discoveries', {
  installation: text('installation')
    .primaryKey()
    .references(() => installations.id),
  discovered: jsonb('discovered').$type<Discovered>().notNull(),
  at: moment('at').notNull().defaultNow(),
});
