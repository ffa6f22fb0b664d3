import { sql } from 'drizzle-orm';
import { boolean, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Operation } from '../../contract/closed-sets.ts';
import { createdAt, oneOf } from './columns.ts';
import { installations } from './installations.ts';
import { projects } from './projects.ts';

const operationNames = [
  'install',
  'update',
  'remove',
  'disconnect',
  'reconnect',
] as const satisfies readonly Operation[];

/** The claim of an operation that runs: one of any kind per installation, one that may change code per code name. */
export const operations = pgTable(
  'operations',
  {
    installation: text('installation')
      .primaryKey()
      .references(() => installations.id),
    project: text('project')
      .notNull()
      .references(() => projects.id),
    connector: text('connector').notNull(),
    alias: text('alias').notNull(),
    operation: text('operation').$type<Operation>().notNull(),
    /** What an update brings the code to; null for every other operation. */
    options: jsonb('options').$type<Record<string, unknown>>(),
    changesCode: boolean('changes_code').notNull(),
    workflowId: text('workflow_id').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('operations_code')
      .on(table.project, table.connector, table.alias)
      .where(sql`${table.changesCode}`),
    oneOf('operations_operation', table.operation, operationNames),
  ],
);
