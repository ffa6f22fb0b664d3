import { describe, expect, it } from 'vitest';
import postgres from 'postgres';
import { createTestDatabase } from './database.ts';

describe('a test database', () => {
  it('is migrated, empty, and nobody else writes in it', async () => {
    const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    const first = postgres(one.url, { max: 1 });
    const second = postgres(two.url, { max: 1 });
    try {
      await first`insert into tokens (id, hash, name, scopes) values ('tok_1', ${Buffer.alloc(32)}, 'one', '{read}')`;
      expect(await first`select id from tokens`).toHaveLength(1);
      expect(await second`select id from tokens`).toHaveLength(0);
    } finally {
      await Promise.all([first.end(), second.end()]);
    }
  });

  it('lets the roles of api and control in, each with its own rights', async () => {
    const database = await createTestDatabase();
    const api = postgres(database.apiUrl, { max: 1 });
    const control = postgres(database.controlUrl, { max: 1 });
    try {
      expect(await api`select 1 as one`).toEqual([{ one: 1 }]);
      await expect(api`select sealed from submissions`).rejects.toMatchObject({ code: '42501' });
      expect(await control`select sealed from submissions`).toHaveLength(0);
      await expect(control`delete from audit`).rejects.toMatchObject({ code: '42501' });
    } finally {
      await Promise.all([api.end(), control.end()]);
    }
  });
});
