import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { bytea, createdAt, moment } from './columns.ts';
import { tokens } from './tokens.ts';

/** The first answer to a request that carried an `Idempotency-Key`. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    token: text('token')
      .notNull()
      .references(() => tokens.id),
    route: text('route').notNull(),
    key: text('key').notNull(),
    /** A keyed hash: bodies carry credentials, which a plain hash would let people guess. */
    bodyHash: bytea('body_hash').notNull(),
    status: integer('status').notNull(),
    location: text('location').notNull(),
    response: jsonb('response').$type<Record<string, unknown>>().notNull(),
    createdAt: createdAt(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.token, table.route, table.key] }),
    index('idempotency_keys_expiry').on(table.expiresAt),
  ],
);
