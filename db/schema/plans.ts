import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { CodeOperation } from '../../contract/activities.ts';
import { createdAt } from './columns.ts';
import { installations } from './installations.ts';

/** The newest plan of an operation; the plan itself is in the artifact store. */
export const plans = pgTable(
  'plans',
  {
    installation: text('installation')
      .notNull()
      .references(() => installations.id),
    operation: text('operation').$type<CodeOperation['operation']>().notNull(),
    baseCommit: text('base_commit').notNull(),
    planHash: text('plan_hash').notNull(),
    artifact: text('artifact').notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.installation, table.operation] })],
);
