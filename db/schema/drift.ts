import { boolean, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { Finding } from '../../contract/codegen.ts';
import { moment } from './columns.ts';
import { installations } from './installations.ts';

/**
 * What the last look found missing or changed of an active installation; none when all was as it was merged. Installations
 * that share their code have the same in their rows.
 */
export const drift = pgTable('drift', {
  installation: text('installation')
    .primaryKey()
    .references(() => installations.id),
  /** Base commit that was compared. */
  baseCommit: text('base_commit').notNull(),
  findings: jsonb('findings').$type<readonly Finding[]>().notNull(),
  /** Newest base commit that was seen with nothing missing; null when there was none yet. */
  heldAt: text('held_at'),
  /** What was missing already when people adopted the merge as it was; it is no finding. */
  adopted: jsonb('adopted').$type<readonly Finding[]>().notNull().default([]),
  /** Were people told of these findings, as the project has it? */
  reported: boolean('reported').notNull().default(true),
  /** Issue that tells people of it, null when there is none. */
  issueUrl: text('issue_url'),
  checkedAt: moment('checked_at').notNull().defaultNow(),
});
export type Drift = typeof drift.$inferSelect;
