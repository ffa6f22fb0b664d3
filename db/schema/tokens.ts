import { pgTable, text } from 'drizzle-orm/pg-core';
import { bytea, createdAt, moment } from './columns.ts';
import { projects } from './projects.ts';

export type Scope = 'read' | 'write' | 'admin';

/** An API token; only the SHA-256 of its secret half is kept. */
export const tokens = pgTable('tokens', {
  id: text('id').primaryKey(),
  hash: bytea('hash').notNull(),
  name: text('name').notNull(),
  scopes: text('scopes').array().$type<Scope[]>().notNull(),
  /** null: all projects. */
  project: text('project').references(() => projects.id),
  createdAt: createdAt(),
  /** null: valid. */
  revokedAt: moment('revoked_at'),
});
