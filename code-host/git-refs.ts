import { rm, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { GraftError, messageOf } from '../contract/errors.ts';
import { git } from './git.ts';
import { absent } from './absent.ts';

const attempts = 30;
// Our own calls end before, and a push holds a lock for an instant.
const staleMilliseconds = 150_000;
const noObject = '0'.repeat(40);

export interface Ref {
  object: string;
  /** Git tree id, empty when the ref is not a commit. */
  tree: string;
}

/** Refs by full name: each pattern is a full name or a folder of refs. */
export async function readRefs(repository: string, patterns: readonly string[]): Promise<ReadonlyMap<string, Ref>> {
  const format = '%(refname)%00%(objectname)%00%(tree)';
  const { output } = await git(repository, ['for-each-ref', `--format=${format}`, ...patterns]);
  const refs = new Map<string, Ref>();
  for (const line of output.toString().split('\n')) {
    const [name, object, tree] = line.split('\0');
    if (name && object) refs.set(name, { object, tree: tree ?? '' });
  }
  return refs;
}

/** What one ref must be (`from`, undefined for absent) and what it becomes: absent with null, untouched without `to`. */
export interface RefChange {
  ref: string;
  from: string | undefined;
  to?: string | null;
}

/** Changes all these refs or none; gives the reason when one of them had moved. */
export async function changeRefs(repository: string, changes: readonly RefChange[]): Promise<Error | undefined> {
  const lines = changes.map(({ ref, from, to }) => {
    if (to === undefined || (to === null && from === undefined)) return `verify ${ref} ${from ?? noObject}`;
    return to === null ? `delete ${ref} ${from}` : `update ${ref} ${to} ${from ?? noObject}`;
  });
  try {
    await git(repository, ['update-ref', '--no-deref', '--stdin'], { input: `${lines.join('\n')}\n` });
    return undefined;
  } catch (error) {
    if (!(error instanceof GraftError) || error.code !== 'unavailable') throw error;
    await removeStaleLock(repository, messageOf(error.cause));
    return error;
  }
}

/** A git that was killed leaves its lock behind, and with it nobody writes that ref any more. */
async function removeStaleLock(repository: string, words: string): Promise<void> {
  const [, lock = ''] = /Unable to create '([^']+\.lock)': File exists/.exec(words) ?? [];
  if (!lock.startsWith(`${repository}/`)) return;
  const found = await stat(lock).catch(absent);
  if (found !== undefined && Date.now() - found.mtimeMs > staleMilliseconds) await rm(lock, { force: true });
}

/** Reads and writes again while somebody else wins the race for the same refs; `unavailable` after 30 lost ones. */
export async function untilWritten<Result>(
  attempt: () => Promise<{ written: Result } | { lost: Error }>,
): Promise<Result> {
  let lost: Error | undefined;
  for (let tried = 0; tried < attempts; tried++) {
    const outcome = await attempt();
    if ('written' in outcome) return outcome.written;
    lost = outcome.lost;
    await pause(Math.random() * 20 * (tried + 1));
  }
  throw new GraftError('unavailable', 'The repository changes too fast to be written; it is tried again.', {
    cause: lost,
    retryAfterSeconds: 5,
  });
}
