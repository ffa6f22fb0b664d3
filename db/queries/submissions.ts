import { and, desc, eq, gt, lte, sql } from 'drizzle-orm';
import type { Environment } from '../../contract/closed-sets.ts';
import type { Executor } from '../connect.ts';
import { submissions } from '../schema/submissions.ts';

/** Minutes until a sealed submission is worthless, whatever happens. */
const submissionMinutes = { installation: 24 * 60, test: 10 } as const;

type Binding =
  | {
      kind: 'installation';
      submission: string;
      project: string;
      installation: string;
      connector: string;
      environment: Environment;
    }
  | { kind: 'test'; submission: string; request: string; connector: string; environment: Environment };

/** Keeps a sealed submission under what it is bound to: 24 hours for an installation, 10 minutes for a test. */
export async function insertSubmission(executor: Executor, binding: Binding, sealed: Uint8Array): Promise<void> {
  await executor.insert(submissions).values({
    id: binding.submission,
    project: binding.kind === 'installation' ? binding.project : null,
    installation: binding.kind === 'installation' ? binding.installation : null,
    request: binding.kind === 'test' ? binding.request : null,
    connector: binding.connector,
    environment: binding.environment,
    sealed,
    expiresAt: sql`now() + make_interval(mins => ${submissionMinutes[binding.kind]})`,
  });
}

/** A submission with its sealed bytes; undefined when it is gone or over. Not for the api's role. */
export async function findSubmission(
  executor: Executor,
  id: string,
): Promise<typeof submissions.$inferSelect | undefined> {
  const [found] = await executor
    .select()
    .from(submissions)
    .where(and(eq(submissions.id, id), gt(submissions.expiresAt, sql`now()`)));
  return found;
}

/** Id of the newest submission for an installation that is not over: what a queued installation is started with. */
export async function findOpenSubmission(executor: Executor, installation: string): Promise<string | undefined> {
  const [found] = await executor
    .select({ id: submissions.id })
    .from(submissions)
    .where(and(eq(submissions.installation, installation), gt(submissions.expiresAt, sql`now()`)))
    .orderBy(desc(submissions.createdAt))
    .limit(1);
  return found?.id;
}

/** Deletes a submission; nothing happens when it is gone. */
export async function deleteSubmission(executor: Executor, id: string): Promise<void> {
  await executor.delete(submissions).where(eq(submissions.id, id));
}

/** Deletes submissions that are over; gives their number. */
export async function deleteExpiredSubmissions(executor: Executor): Promise<number> {
  const deleted = await executor
    .delete(submissions)
    .where(lte(submissions.expiresAt, sql`now()`))
    .returning({ id: submissions.id });
  return deleted.length;
}
