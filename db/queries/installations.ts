import { type SQL, and, asc, count, desc, eq, inArray, isNotNull, isNull, ne, notInArray, sql } from 'drizzle-orm';
import { type Environment, type Status, endedStatuses } from '../../contract/closed-sets.ts';
import { GraftError } from '../../contract/errors.ts';
import { deadlineDays } from '../../contract/workflows.ts';
import type { Executor } from '../connect.ts';
import { type Installation, installations } from '../schema/installations.ts';
import { type Project, projects } from '../schema/projects.ts';
import { pullRequests } from '../schema/pull-requests.ts';

type NewInstallation = Pick<
  Installation,
  'id' | 'project' | 'connector' | 'environment' | 'alias' | 'options' | 'requestedPlanHash'
>;

/** Writes a queued installation; throws `already_installed` with the id of the live one that stands there. */
export async function insertQueued(executor: Executor, given: NewInstallation): Promise<void> {
  // Written out, because the api's role may insert these columns only and drizzle's insert names them all.
  const inserted = await executor.execute(sql`
    insert into ${installations} (id, project, connector, environment, alias, options, requested_plan_hash, deadline)
    values (${given.id}, ${given.project}, ${given.connector}, ${given.environment}, ${given.alias},
      ${JSON.stringify(given.options)}::jsonb, ${given.requestedPlanHash}, now() + make_interval(days => ${deadlineDays.merge}))
    on conflict do nothing
    returning id`);
  if (inserted.length > 0) return;
  const [standing] = await executor
    .select({ id: installations.id, status: installations.status })
    .from(installations)
    .where(
      and(
        eq(installations.project, given.project),
        eq(installations.connector, given.connector),
        eq(installations.environment, given.environment),
        eq(installations.alias, given.alias),
        notInArray(installations.status, [...endedStatuses]),
      ),
    );
  const settled = standing?.status === 'active' || standing?.status === 'disconnected';
  const [what, fix] = settled
    ? ['This connector is in this environment already', 'Remove that installation first, or name another environment.']
    : [
        'An installation or a removal of this connector is under way in this environment',
        'Wait for it, answer it or abort it first, or name another environment.',
      ];
  throw new GraftError('already_installed', `${what}; see the installation in the details.`, {
    fields: [{ field: 'environment', fix }],
    details: { installation: standing?.id, status: standing?.status },
  });
}

/** Reads an installation; throws `not_found`. */
export async function getInstallation(executor: Executor, id: string): Promise<Installation> {
  return (await getInstallationWithProject(executor, id)).installation;
}

/** Reads an installation and its project; throws `not_found`. */
export async function getInstallationWithProject(
  executor: Executor,
  id: string,
): Promise<{ installation: Installation; project: Project }> {
  const [found] = await executor
    .select({ installation: installations, project: projects })
    .from(installations)
    .innerJoin(projects, eq(projects.id, installations.project))
    .where(eq(installations.id, id));
  if (found === undefined)
    throw new GraftError('not_found', 'There is no such installation in this project.', {
      fields: [{ field: 'installation', fix: 'Name an installation that GET /projects/:project/connectors lists.' }],
    });
  return found;
}

/** A project's installations, the newest first. */
export async function listInstallations(
  executor: Executor,
  project: string,
  filter: { status?: readonly Status[]; needsAttention?: boolean } = {},
): Promise<Installation[]> {
  const conditions: (SQL | undefined)[] = [eq(installations.project, project)];
  if (filter.status !== undefined) conditions.push(inArray(installations.status, [...filter.status]));
  if (filter.needsAttention !== undefined)
    conditions.push(filter.needsAttention ? isNotNull(installations.reason) : isNull(installations.reason));
  return executor
    .select()
    .from(installations)
    .where(and(...conditions))
    .orderBy(desc(installations.createdAt), desc(installations.id));
}

/** Other installations whose code is in the app: the same project, connector and alias, in any environment. */
export async function findCodeSharers(
  executor: Executor,
  of: Pick<Installation, 'id' | 'project' | 'connector' | 'alias'>,
): Promise<Installation[]> {
  return executor
    .select()
    .from(installations)
    .where(
      and(
        eq(installations.project, of.project),
        eq(installations.connector, of.connector),
        eq(installations.alias, of.alias),
        ne(installations.id, of.id),
        inArray(installations.status, ['active', 'disconnected', 'removing']),
      ),
    )
    .orderBy(asc(installations.createdAt), asc(installations.id));
}

/** Writes what holds for all installations that share their code: its options, and what is left to do for people. */
export async function setCode(
  executor: Executor,
  of: readonly Pick<Installation, 'id'>[],
  code: Pick<Installation, 'options' | 'nextSteps'>,
): Promise<void> {
  const ids = of.map(({ id }) => id);
  await executor.update(installations).set(code).where(inArray(installations.id, ids));
}

export interface Decline {
  installation: string;
  pullRequest: { number: number; url: string } | null;
  declinedAt: Date;
}

/** The newest answer of people to this code, when it was a no: nothing of it was active after that. */
export async function findDecline(
  executor: Executor,
  of: Pick<Installation, 'project' | 'connector' | 'alias'>,
): Promise<Decline | undefined> {
  const [newest] = await executor
    .select({
      installation: installations.id,
      status: installations.status,
      pullRequest: { number: pullRequests.number, url: pullRequests.url },
      declinedAt: installations.updatedAt,
    })
    .from(installations)
    .leftJoin(pullRequests, and(eq(pullRequests.installation, installations.id), eq(pullRequests.operation, 'install')))
    .where(
      and(
        eq(installations.project, of.project),
        eq(installations.connector, of.connector),
        eq(installations.alias, of.alias),
        inArray(installations.status, ['active', 'removing', 'disconnected', 'removed', 'declined']),
      ),
    )
    .orderBy(desc(installations.createdAt), desc(installations.id))
    .limit(1);
  if (newest?.status !== 'declined') return undefined;
  const { installation, pullRequest, declinedAt } = newest;
  return { installation, pullRequest, declinedAt };
}

/** How many installations stand at each status, and how many wait for people. */
export async function countInstallations(
  executor: Executor,
): Promise<{ status: Status; environment: Environment; all: number; waiting: number }[]> {
  return executor
    .select({
      status: installations.status,
      environment: installations.environment,
      all: count(),
      waiting: count(installations.reason),
    })
    .from(installations)
    .groupBy(installations.status, installations.environment)
    .orderBy(asc(installations.status), asc(installations.environment));
}
