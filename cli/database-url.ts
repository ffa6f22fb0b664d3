import { defaultStateDir, findStack, readStack } from './embedded/state.ts';

/** Where a command's database is: DATABASE_URL, else the stack that runs here. Throws `unavailable` when neither is there. */
export function databaseUrl(): string {
  return findDatabaseUrl() ?? readStack().databaseUrl;
}

/** The same, undefined when neither is there. */
export function findDatabaseUrl(): string | undefined {
  return process.env['DATABASE_URL'] || findStack(defaultStateDir)?.databaseUrl;
}
