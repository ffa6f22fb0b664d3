import { type SQL, sql } from 'drizzle-orm';
import { GraftError } from '../contract/errors.ts';
import { type Database, closeDatabase, connectDatabase } from './connect.ts';
import { sqlStateOf } from './errors.ts';

/** What each role may do, table by table; what is not here is refused. */
const grants: Record<'graft_api' | 'graft_control', readonly string[]> = {
  graft_api: [
    'select, insert on projects',
    'select, insert on tokens',
    'update (revoked_at) on tokens',
    'select, insert, delete on idempotency_keys',
    'insert, delete on submissions',
    'select (id, project, installation, request, connector, environment, created_at, expires_at) on submissions',
    'select on installations',
    'insert (id, project, connector, environment, alias, options, requested_plan_hash, deadline) on installations',
    'select, insert on operations',
    'select (id, installation, number, state, submission, created_at, destroyed_at) on credential_versions',
    'select on events, plans, pull_requests, pipeline_steps, published_values, drift',
    'select (id), insert on deliveries',
  ],
  graft_control: [
    'select on projects',
    'select, delete on submissions',
    'select, update on installations',
    'select, insert, delete on operations',
    'select (expires_at), delete on idempotency_keys',
    'select, insert, update on credential_versions',
    'select, insert on audit',
    'select, insert on events',
    'select, insert, update on plans, pull_requests, pipeline_steps',
    'select, insert, delete on published_values',
    'select, update (handled_at), delete on deliveries',
    'select, insert, update, delete on drift, discoveries',
  ],
};

/**
 * Makes the roles of the api and of the control worker with these passwords, and grants them exactly their tables. Run it
 * after each migration, as the role that owns the tables; it may run again at any time.
 */
export async function createRoles(ownerUrl: string, passwords: { api: string; control: string }): Promise<void> {
  const database = connectDatabase(ownerUrl, { connections: 1 });
  try {
    await database.transaction(async (transaction) => {
      const run = (statement: SQL) => transaction.execute(statement);
      await run(sql`select pg_advisory_xact_lock(4715002)`);
      await setPassword(transaction, 'graft_api', passwords.api);
      await setPassword(transaction, 'graft_control', passwords.control);
      await execute(
        transaction,
        sql`select format('revoke all on database %I from public', current_database()) as statement`,
      );
      await run(sql`revoke all on schema public from public`);
      for (const [role, granted] of Object.entries(grants)) {
        await execute(
          transaction,
          sql`select format('grant connect on database %I to %I', current_database(), ${role}::text) as statement`,
        );
        await run(sql.raw(`grant usage on schema public, drizzle to ${role}`));
        await run(sql.raw(`grant select on drizzle.__drizzle_migrations to ${role}`));
        await run(sql.raw(`revoke all on all tables in schema public from ${role}`));
        for (const grant of granted) await run(sql.raw(`grant ${grant} to ${role}`));
      }
    });
  } finally {
    await closeDatabase(database);
  }
}

type Connection = Pick<Database, 'execute'>;

async function setPassword(connection: Connection, role: string, password: string): Promise<void> {
  await execute(
    connection,
    sql`select case when exists (select from pg_roles where rolname = ${role})
      then format('alter role %I login password %L', ${role}::text, ${password}::text)
      else format('create role %I login password %L', ${role}::text, ${password}::text) end as statement`,
  );
}

/**
 * Runs the statement that a query wrote: role and database statements take no parameters, so the server quotes them. An
 * error of the driver shows the statement with the password in it, so only its SQLSTATE is told.
 */
async function execute(connection: Connection, query: SQL): Promise<void> {
  try {
    const [row] = await connection.execute<{ statement: string }>(query);
    if (row !== undefined) await connection.execute(sql.raw(row.statement));
  } catch (error) {
    throw new GraftError('internal', `The database's roles could not be set: ${sqlStateOf(error) ?? 'no connection'}.`);
  }
}
