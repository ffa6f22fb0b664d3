import { readStack } from './embedded/state.ts';

/** Where a command's database is: DATABASE_URL, else the stack that runs here. Throws `unavailable` when neither is there. */
export function databaseUrl(): string {
  return process.env['DATABASE_URL'] || readStack().databaseUrl;
}
