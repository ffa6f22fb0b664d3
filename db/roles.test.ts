import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlStateOf } from './errors.ts';
import { sql } from 'drizzle-orm';
import { type Rows, failureOf, openRows } from '../test/harness/rows.ts';

let rows: Rows;
beforeAll(async () => {
  rows = await openRows();
});
afterAll(() => rows.close());

describe('roles', () => {
  it.each([
    ['api', 'select sealed from submissions'],
    ['api', 'select * from submissions'],
    ['api', 'select encrypted from credential_versions'],
    ['api', 'select * from audit'],
    ['api', `update installations set status = 'active'`],
    [
      'api',
      `insert into installations (id, project, connector, environment, options, deadline, status)
      values ('i', 'p', 'c', 'development', '{}', now(), 'active')`,
    ],
    ['api', 'delete from operations'],
    [
      'api',
      `insert into events (installation, step, event, status, data) values ('i', 'test', 'done', 'active', '{}')`,
    ],
    ['api', `update tokens set scopes = '{admin}'`],
    ['api', 'select repository from deliveries'],
    ['api', 'update deliveries set handled_at = now()'],
    ['api', 'create table mine ()'],
    ['control', 'update audit set hash = hash'],
    ['control', 'delete from audit'],
    ['control', 'truncate audit'],
    ['control', 'select * from tokens'],
    ['control', 'select response from idempotency_keys'],
    ['control', 'insert into projects (id, name, code_host, repository) values (1, 1, 1, 1)'],
    ['control', 'delete from events'],
    ['control', 'update events set status = status'],
    ['control', `insert into deliveries (id, event, action, repository) values ('1', 'push', '', 'a/b')`],
    ['control', `update deliveries set repository = 'a/b'`],
    ['control', 'create table mine ()'],
  ] as const)('%s cannot: %s', async (role, statement) => {
    expect(sqlStateOf(await failureOf(rows[role].execute(sql.raw(statement))))).toBe('42501');
  });
});
