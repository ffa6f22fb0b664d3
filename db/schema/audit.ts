import { bigint, char, jsonb, pgTable } from 'drizzle-orm/pg-core';
import type { AuditEntry } from '../../contract/audit.ts';
import { moment } from './columns.ts';

/** The hash chain of acts on secrets; inserted under a lock, never changed. */
export const audit = pgTable('audit', {
  seq: bigint('seq', { mode: 'number' }).primaryKey(),
  at: moment('at').notNull(),
  entry: jsonb('entry').$type<AuditEntry>().notNull(),
  previousHash: char('previous_hash', { length: 64 }).notNull().unique('audit_previous_hash'),
  hash: char('hash', { length: 64 }).notNull(),
});
