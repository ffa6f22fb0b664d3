import type { PgDatabase } from 'drizzle-orm/pg-core';
import { type PostgresJsDatabase, type PostgresJsQueryResultHKT, drizzle } from 'drizzle-orm/postgres-js';
import postgres, { type Sql } from 'postgres';

type NoSchema = Record<string, never>;

export type Database = PostgresJsDatabase<NoSchema> & { $client: Sql };
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
/** What a query runs on: the database, or a transaction of it. */
export type Executor = PgDatabase<PostgresJsQueryResultHKT, NoSchema>;

/** Opens a pool on a `postgres://` URL; connections are made when they are needed. */
export function connectDatabase(url: string, options: { connections?: number } = {}): Database {
  const client = postgres(url, {
    max: options.connections ?? 10,
    connect_timeout: 10,
    idle_timeout: 60,
    onnotice: () => undefined,
    connection: { application_name: 'graft', statement_timeout: 30_000 },
  });
  return drizzle(client);
}

/** Ends the pool after what runs now, or after five seconds. */
export async function closeDatabase(database: Database): Promise<void> {
  await database.$client.end({ timeout: 5 });
}

/** Calls back for every notification on a channel, over a connection of its own; gives the function that ends it. */
export async function listen(
  database: Database,
  channel: string,
  notified: (payload: string) => void,
): Promise<() => Promise<void>> {
  const listening = await database.$client.listen(channel, notified);
  return () => listening.unlisten();
}
