import { type SQL, sql } from 'drizzle-orm';
import { type PgColumn, check, customType, timestamp } from 'drizzle-orm/pg-core';

/** Raw bytes. */
export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });

/** A moment with the precision of a JavaScript date. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** When the row was written. */
export const createdAt = () => moment('created_at').notNull().defaultNow();

/** `'a', 'b'` for a closed set of our own words. */
export function wordList(words: readonly string[]): SQL {
  return sql.raw(words.map((word) => `'${word}'`).join(', '));
}

/** A constraint that keeps a text column within a closed set; null passes where the column allows it. */
export function oneOf(name: string, column: PgColumn, words: readonly string[]) {
  return check(name, sql`${column} in (${wordList(words)})`);
}
