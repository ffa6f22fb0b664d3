import { boolean, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { CodeOperation } from '../../contract/activities.ts';
import { createdAt, moment } from './columns.ts';
import { installations } from './installations.ts';

/** The pull request of an operation, as last read from the code host. */
export const pullRequests = pgTable(
  'pull_requests',
  {
    installation: text('installation')
      .notNull()
      .references(() => installations.id),
    operation: text('operation').$type<CodeOperation['operation']>().notNull(),
    number: integer('number').notNull(),
    url: text('url').notNull(),
    draft: boolean('draft').notNull(),
    head: text('head').notNull(),
    state: text('state').$type<'open' | 'merged' | 'closed'>().notNull(),
    createdAt: createdAt(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.installation, table.operation] })],
);
