import { sql } from 'drizzle-orm';
import { check, index, pgTable, text } from 'drizzle-orm/pg-core';
import type { Environment } from '../../contract/closed-sets.ts';
import { bytea, createdAt, moment } from './columns.ts';
import { installations } from './installations.ts';
import { projects } from './projects.ts';

/** What a person sent, sealed to the control worker's key, until it is encrypted or tested. */
export const submissions = pgTable(
  'submissions',
  {
    id: text('id').primaryKey(),
    /** With `installation`; null for a test before any installation. */
    project: text('project').references(() => projects.id),
    installation: text('installation').references(() => installations.id),
    /** Id of the test it is for; null for an installation. */
    request: text('request'),
    connector: text('connector').notNull(),
    environment: text('environment').$type<Environment>().notNull(),
    sealed: bytea('sealed').notNull(),
    createdAt: createdAt(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [
    check(
      'submissions_binding',
      sql`(${table.installation} is null) = (${table.request} is not null) and (${table.project} is null) = (${table.installation} is null)`,
    ),
    index('submissions_by_installation').on(table.installation),
    index('submissions_expiry').on(table.expiresAt),
  ],
);
