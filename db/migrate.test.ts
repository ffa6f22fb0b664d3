import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSchemaVersion, migrateDatabase } from './migrate.ts';
import { sql } from 'drizzle-orm';
import { type Rows, failureOf, openRows } from '../test/harness/rows.ts';

let rows: Rows;
beforeAll(async () => {
  rows = await openRows();
});
afterAll(() => rows.close());

describe('set-up', () => {
  it('migrates once however many ask, and knows its version', async () => {
    await Promise.all([migrateDatabase(rows.ownerUrl), migrateDatabase(rows.ownerUrl)]);
    await checkSchemaVersion(rows.api);
    await checkSchemaVersion(rows.control);
  });

  it('refuses a database of another version', async () => {
    await rows.owner.execute(sql`update drizzle.__drizzle_migrations set created_at = created_at + 1`);
    expect((await failureOf(checkSchemaVersion(rows.api))).code).toBe('schema_mismatch');
    await rows.owner.execute(sql`update drizzle.__drizzle_migrations set created_at = created_at - 1`);
  });
});
