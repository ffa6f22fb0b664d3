import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { ask } from './ask.ts';
import type { TemplateDatabase } from './on-demand.ts';

/** Connection strings of one database, as each role of it. */
export interface TestDatabase {
  /** The owner's. */
  url: string;
  apiUrl: string;
  controlUrl: string;
}

/** Makes a migrated, empty database for one suite; it goes with the server at the end of the run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = await ask<TemplateDatabase>('/database');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const maintenance = new URL(template.url);
  const templateName = maintenance.pathname.slice(1);
  maintenance.pathname = '/postgres';
  const sql = postgres(maintenance.href, { max: 1 });
  try {
    // The copy is refused while another suite copies the same template, so they take turns.
    await sql`select pg_advisory_lock(4715003)`;
    await sql`create database ${sql(name)} template ${sql(templateName)}`;
  } finally {
    await sql.end();
  }
  const urlOf = (user: string, password: string): string => {
    const url = new URL(template.url);
    url.pathname = `/${name}`;
    url.username = user;
    url.password = password;
    return url.href;
  };
  const owner = new URL(template.url);
  return {
    url: urlOf(owner.username, owner.password),
    apiUrl: urlOf('graft_api', template.passwords.api),
    controlUrl: urlOf('graft_control', template.passwords.control),
  };
}
