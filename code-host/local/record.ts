import { z } from 'zod';
import { GraftError } from '../../contract/errors.ts';
import { gitText } from '../git.ts';
import { type Ref, readRefs } from '../git-refs.ts';
import { readObjects } from './snapshot.ts';

const pulls = 'refs/graft/pull/';

/** What `refs/graft/pull/<n>/meta` holds as JSON; the state of an open one is told by the repository itself. */
const PullRecord = z.strictObject({
  format: z.literal(1),
  title: z.string(),
  body: z.string(),
  draft: z.boolean(),
  labels: z.array(z.string()).default([]),
  branch: z.string(),
  base: z.string(),
  state: z.enum(['open', 'merged', 'closed']),
  comments: z.array(
    z.strictObject({
      by: z.enum(['graft', 'reviewer']),
      text: z.string(),
      /** Ours are said once for each. */ key: z.string().optional(),
    }),
  ),
  /** What a validation said of the newest commit that was validated. */
  checks: z
    .strictObject({
      commit: z.string(),
      steps: z.array(z.strictObject({ name: z.string(), verdict: z.string(), summary: z.string() })),
    })
    .optional(),
});
export type PullRecord = z.infer<typeof PullRecord>;

export interface StoredPull {
  number: number;
  record: PullRecord;
  /** Object that the meta ref names, for a conditional write. */
  meta: string;
  /** Commit that the head ref names. */
  head: string;
}

export const metaRef = (number: number): string => `${pulls}${number}/meta`;
export const headRef = (number: number): string => `${pulls}${number}/head`;

/** The stored pull requests of a repository folder by number; only those among the given refs. */
async function readPulls(repository: string, refs: ReadonlyMap<string, Ref>): Promise<ReadonlyMap<number, StoredPull>> {
  const found: { number: number; meta: string; head: string }[] = [];
  for (const [name, { object }] of refs) {
    const number = numberOf(name);
    const head = refs.get(headRef(number))?.object;
    if (name === metaRef(number) && head !== undefined) found.push({ number, meta: object, head });
  }
  const stored = await readObjects(repository, [...new Set(found.map(({ meta }) => meta))]);
  const objects = new Map(stored.map(({ object, bytes }) => [object, bytes]));
  return new Map(found.map((pull) => [pull.number, { ...pull, record: parse(pull.number, objects.get(pull.meta)) }]));
}

/** One stored pull request with all branches as they stood in the same reading; throws `not_found`. */
export async function readPull(
  repository: string,
  number: number,
): Promise<{ pull: StoredPull; refs: ReadonlyMap<string, Ref> }> {
  if (!Number.isSafeInteger(number) || number < 1) throw noPull(number);
  const refs = await readRefs(repository, [`${pulls}${number}`, 'refs/heads']);
  const pull = (await readPulls(repository, refs)).get(number);
  if (pull === undefined) throw noPull(number);
  return { pull, refs };
}

/** Every stored pull request of one branch, and the number that a new one would get. */
export async function readPullsOfBranch(
  repository: string,
  branch: string,
): Promise<{ pulls: readonly StoredPull[]; next: number }> {
  const all = await readPulls(repository, await readRefs(repository, [pulls.slice(0, -1)]));
  return {
    pulls: [...all.values()].filter(({ record }) => record.branch === branch).sort((a, b) => a.number - b.number),
    next: Math.max(0, ...all.keys()) + 1,
  };
}

/** Writes a record as an object and gives its id; a ref has to name it yet. */
export async function writeRecord(repository: string, record: PullRecord): Promise<string> {
  return await gitText(repository, ['hash-object', '-w', '--stdin'], { input: `${JSON.stringify(record, null, 2)}\n` });
}

function numberOf(ref: string): number {
  return ref.startsWith(pulls) ? Number(ref.slice(pulls.length).split('/')[0]) : Number.NaN;
}

function parse(number: number, bytes: Uint8Array | undefined): PullRecord {
  try {
    return PullRecord.parse(JSON.parse(Buffer.from(bytes ?? []).toString()));
  } catch (cause) {
    const message = `${metaRef(number)} is not what Graft wrote. Delete the ref, or bring its last value back.`;
    throw new GraftError('code_host_refused', message, { cause });
  }
}

function noPull(number: number): GraftError {
  return new GraftError('not_found', `The repository has no pull request ${number}.`);
}
