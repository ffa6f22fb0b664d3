import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { CodeOperation } from '../../contract/activities.ts';
import type { CodeHostKind } from '../../contract/closed-sets.ts';
import type { Executor } from '../connect.ts';
import { installations } from '../schema/installations.ts';
import { operations } from '../schema/operations.ts';
import { projects } from '../schema/projects.ts';
import { pullRequests } from '../schema/pull-requests.ts';

type StoredPullRequest = typeof pullRequests.$inferSelect;

/** Keeps what was read of an operation's pull request, in place of what was known; `createdAt` is when this number was first seen. */
export async function savePullRequest(
  executor: Executor,
  of: CodeOperation,
  pullRequest: Pick<StoredPullRequest, 'number' | 'url' | 'draft' | 'head' | 'state'>,
): Promise<void> {
  const { number, url, draft, head, state } = pullRequest;
  const values = { number, url, draft, head, state };
  await executor
    .insert(pullRequests)
    .values({ installation: of.installation, operation: of.operation, ...values })
    .onConflictDoUpdate({
      target: [pullRequests.installation, pullRequests.operation],
      set: {
        ...values,
        createdAt: sql`case when ${pullRequests.number} = excluded.number then ${pullRequests.createdAt} else now() end`,
        updatedAt: sql`now()`,
      },
    });
}

/** The pull request of an operation. */
export async function findPullRequest(executor: Executor, of: CodeOperation): Promise<StoredPullRequest | undefined> {
  const [found] = await executor
    .select()
    .from(pullRequests)
    .where(and(eq(pullRequests.installation, of.installation), eq(pullRequests.operation, of.operation)));
  return found;
}

/** The pull request of an installation's newest operation that has one. */
export async function findNewestPullRequest(
  executor: Executor,
  installation: string,
): Promise<StoredPullRequest | undefined> {
  const [found] = await executor
    .select()
    .from(pullRequests)
    .where(eq(pullRequests.installation, installation))
    .orderBy(desc(pullRequests.updatedAt))
    .limit(1);
  return found;
}

/** The operation that a pull request belonged to and that has ended; `repository` is named in lower case. */
export async function findEndedOperation(
  executor: Executor,
  { codeHost, repository, number }: { codeHost: CodeHostKind; repository: string; number: number },
): Promise<CodeOperation | undefined> {
  const [found] = await executor
    .select({ installation: pullRequests.installation, operation: pullRequests.operation })
    .from(pullRequests)
    .innerJoin(installations, eq(installations.id, pullRequests.installation))
    .innerJoin(projects, eq(projects.id, installations.project))
    .leftJoin(operations, eq(operations.installation, pullRequests.installation))
    .where(
      and(
        eq(projects.codeHost, codeHost),
        eq(sql`lower(${projects.repository})`, repository),
        eq(pullRequests.number, number),
        isNull(operations.installation),
      ),
    );
  return found;
}
