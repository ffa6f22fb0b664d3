import { GraftError } from '../contract/errors.ts';

/** The one refusal of a lock file; the message names the entry. */
export function rejected(message: string): GraftError {
  return new GraftError('lock_rejected', `${message} Retry; if it says so again, see what wrote the lock file.`);
}
