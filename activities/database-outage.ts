import { GraftError } from '../contract/errors.ts';
import { isDatabaseUnavailable, sqlStateOf } from '../db/errors.ts';

/** The outage that an error stands for when the database restarts, is busy or is out of reach; undefined for all others. */
export function databaseOutage(error: unknown): GraftError | undefined {
  if (!isDatabaseUnavailable(error)) return undefined;
  const message = `The database cannot be reached or is busy (${sqlStateOf(error)}): see that it runs.`;
  return new GraftError('unavailable', message, { cause: error });
}
