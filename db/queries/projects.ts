import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { CodeHostKind } from '../../contract/closed-sets.ts';
import { GraftError } from '../../contract/errors.ts';
import type { Executor } from '../connect.ts';
import { installations } from '../schema/installations.ts';
import { type Project, projects } from '../schema/projects.ts';

/** Registers an app; throws `project_exists` when that folder of that repository is registered. */
export async function insertProject(executor: Executor, project: Project): Promise<void> {
  const inserted = await executor.insert(projects).values(project).onConflictDoNothing().returning({ id: projects.id });
  if (inserted.length > 0) return;
  const [existing] = await executor
    .select({ id: projects.id })
    .from(projects)
    .where(
      and(
        eq(projects.codeHost, project.codeHost),
        eq(projects.repository, project.repository),
        eq(projects.appDir, project.appDir),
      ),
    );
  throw new GraftError('project_exists', 'This app is registered already; use the project named in the details.', {
    fields: [{ field: 'repository', fix: 'Use that project, or name another repository or appDir.' }],
    details: { project: existing?.id },
  });
}

/** Reads a project; throws `not_found`. */
export async function getProject(executor: Executor, id: string): Promise<Project> {
  const [project] = await executor.select().from(projects).where(eq(projects.id, id));
  if (project === undefined)
    throw new GraftError('not_found', 'There is no such project; list them with GET /projects.', {
      fields: [{ field: 'project', fix: 'Name a project that GET /projects lists.' }],
    });
  return project;
}

/** Projects on a code host with an installation that changed within that many hours. */
export async function listLivelyProjects(
  executor: Executor,
  { codeHost, hours }: { codeHost: CodeHostKind; hours: number },
): Promise<Project[]> {
  const lively = executor
    .select({ project: installations.project })
    .from(installations)
    .where(gt(installations.updatedAt, sql`now() - make_interval(hours => ${hours})`));
  return executor
    .select()
    .from(projects)
    .where(and(eq(projects.codeHost, codeHost), inArray(projects.id, lively)))
    .orderBy(asc(projects.id));
}

/** All projects by name, or the only one that a token may see. */
export async function listProjects(executor: Executor, only: string | null): Promise<Project[]> {
  return executor
    .select()
    .from(projects)
    .where(only === null ? undefined : eq(projects.id, only))
    .orderBy(asc(projects.name), asc(projects.id));
}
