import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { GraftError } from '../contract/errors.ts';
import { type Database, closeDatabase, connectDatabase } from './connect.ts';

const folder = fileURLToPath(new URL('./migrations', import.meta.url));
const migrationLock = 4_715_000;

/** Brings the database to this version of the schema; several at once wait for each other. */
export async function migrateDatabase(ownerUrl: string): Promise<void> {
  // One connection: an advisory lock belongs to the session that took it.
  const database = connectDatabase(ownerUrl, { connections: 1 });
  try {
    await database.execute(sql`set statement_timeout = 0`);
    await database.execute(sql`select pg_advisory_lock(${migrationLock})`);
    await migrate(database, { migrationsFolder: folder });
  } finally {
    await closeDatabase(database);
  }
}

/** Makes sure that the schema is this version's; throws `schema_mismatch`. */
export async function checkSchemaVersion(database: Database): Promise<void> {
  const journal = JSON.parse(await readFile(`${folder}/meta/_journal.json`, 'utf8')) as {
    entries: { when: number }[];
  };
  const wanted = journal.entries.at(-1)?.when;
  const [table] = await database.execute<{ found: string | null }>(
    sql`select to_regclass('drizzle.__drizzle_migrations')::text as found`,
  );
  const [newest] =
    table?.found == null
      ? []
      : await database.execute<{ at: string | null }>(
          sql`select max(created_at)::text as at from drizzle.__drizzle_migrations`,
        );
  if (Number(newest?.at ?? -1) !== wanted)
    throw new GraftError(
      'schema_mismatch',
      'The database has another version of the schema than this program: run the set-up of this version (npm run setup).',
      { details: { wanted, found: newest?.at ?? null } },
    );
}
