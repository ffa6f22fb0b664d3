import { and, asc, eq, inArray, lt, notInArray, or, sql } from 'drizzle-orm';
import type { CodeOperation } from '../../contract/activities.ts';
import type { CodeChange, CodeHostKind, Operation } from '../../contract/closed-sets.ts';
import { GraftError } from '../../contract/errors.ts';
import { workflowId } from '../../contract/ids.ts';
import type { Executor } from '../connect.ts';
import { type Installation, installations } from '../schema/installations.ts';
import { operations } from '../schema/operations.ts';
import { projects } from '../schema/projects.ts';
import { pullRequests } from '../schema/pull-requests.ts';

export type Claim = typeof operations.$inferSelect;

const changesCode: Record<Operation, boolean> = {
  install: true,
  reconnect: true,
  update: true,
  remove: true,
  disconnect: false,
};

/** The kind of change that an operation's plan and pull request are kept under. */
export function codeChangeOf(operation: Operation): CodeChange {
  return operation === 'remove' || operation === 'update' ? operation : 'install';
}

/** The same of a claim, in SQL. */
const codeOperation = sql<
  CodeOperation['operation']
>`case when ${operations.operation} in ('remove', 'update') then ${operations.operation} else 'install' end`;

const workflowOf: Record<Operation, (installation: string) => string> = {
  install: workflowId.install,
  reconnect: workflowId.install,
  update: workflowId.update,
  remove: workflowId.remove,
  disconnect: workflowId.remove,
};

/**
 * Claims an operation on an installation, in the transaction that asks for it; gives the id of its workflow. An update
 * has the options that the code is brought to. Throws `operation_in_progress` with the id, operation and pull request to
 * finish first.
 */
export async function claimOperation(
  executor: Executor,
  installation: Pick<Installation, 'id' | 'project' | 'connector' | 'alias'>,
  operation: Operation,
  options: Record<string, unknown> | null = null,
): Promise<string> {
  const workflow = workflowOf[operation](installation.id);
  const claimed = await executor
    .insert(operations)
    .values({
      installation: installation.id,
      project: installation.project,
      connector: installation.connector,
      alias: installation.alias,
      operation,
      options,
      changesCode: changesCode[operation],
      workflowId: workflow,
    })
    .onConflictDoNothing()
    .returning({ installation: operations.installation });
  if (claimed.length > 0) return workflow;

  const [holder] = await executor
    .select({
      installation: operations.installation,
      operation: operations.operation,
      workflowId: operations.workflowId,
      pullRequest: { number: pullRequests.number, url: pullRequests.url },
    })
    .from(operations)
    .leftJoin(
      pullRequests,
      and(eq(pullRequests.installation, operations.installation), eq(pullRequests.operation, codeOperation)),
    )
    .where(
      or(
        eq(operations.installation, installation.id),
        and(
          eq(operations.project, installation.project),
          eq(operations.connector, installation.connector),
          eq(operations.alias, installation.alias),
          operations.changesCode,
        ),
      ),
    )
    .limit(1);
  throw new GraftError('operation_in_progress', 'Finish the operation named in the details first, then try again.', {
    details: holder === undefined ? {} : { ...holder, pullRequest: holder.pullRequest ?? undefined },
  });
}

/** The claim on an installation, while an operation runs on it. */
export async function findClaim(executor: Executor, installation: string): Promise<Claim | undefined> {
  const [claim] = await executor.select().from(operations).where(eq(operations.installation, installation));
  return claim;
}

/** Claims older than that many seconds with their installations, the oldest first: each should have a workflow. */
export async function listClaims(
  executor: Executor,
  olderThanSeconds: number,
): Promise<{ claim: Claim; installation: Installation }[]> {
  return executor
    .select({ claim: operations, installation: installations })
    .from(operations)
    .innerJoin(installations, eq(installations.id, operations.installation))
    .where(lt(operations.createdAt, sql`now() - make_interval(secs => ${olderThanSeconds})`))
    .orderBy(asc(operations.createdAt), asc(operations.installation));
}

/** Runs `work` on an installation and its claim while nobody can take or release that claim, nor tell of progress. */
export async function holdClaim<Result>(
  executor: Executor,
  installation: string,
  work: (
    held: { claim: Claim | undefined; installation: Installation | undefined },
    executor: Executor,
  ) => Promise<Result>,
): Promise<Result> {
  return executor.transaction(async (transaction) => {
    const [row] = await transaction
      .select()
      .from(installations)
      .where(eq(installations.id, installation))
      .for('update');
    return work({ claim: await findClaim(transaction, installation), installation: row }, transaction);
  });
}

export interface WatchedPullRequest extends CodeOperation {
  workflowId: string;
  repository: string;
  number: number;
}

/**
 * Pull requests on a code host of operations that are not merged or given up: what workflows are told about. One that
 * waits for people after that would only gather the news in its history. Of all its repositories, or
 * of those named here in lower case.
 */
export async function listWatched(
  executor: Executor,
  { codeHost, repositories }: { codeHost: CodeHostKind; repositories?: readonly string[] },
): Promise<WatchedPullRequest[]> {
  return executor
    .select({
      installation: operations.installation,
      operation: codeOperation,
      workflowId: operations.workflowId,
      repository: projects.repository,
      number: pullRequests.number,
    })
    .from(operations)
    .innerJoin(projects, eq(projects.id, operations.project))
    .innerJoin(installations, eq(installations.id, operations.installation))
    .innerJoin(
      pullRequests,
      and(eq(pullRequests.installation, operations.installation), eq(pullRequests.operation, codeOperation)),
    )
    .where(
      and(
        eq(projects.codeHost, codeHost),
        notInArray(installations.step, ['activate', 'deactivate']),
        repositories === undefined ? undefined : inArray(sql`lower(${projects.repository})`, [...repositories]),
      ),
    )
    .orderBy(asc(operations.installation));
}
