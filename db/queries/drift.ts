import { and, asc, count, eq, getTableColumns, inArray, notInArray, sql } from 'drizzle-orm';
import type { Environment } from '../../contract/closed-sets.ts';
import type { Executor } from '../connect.ts';
import { type Drift, drift } from '../schema/drift.ts';
import { type Installation, installations } from '../schema/installations.ts';
import { type Project, projects } from '../schema/projects.ts';

/** While one is removed its code is still there, and so is what is known of it. */
const holding = ['active', 'removing'] as const;

/** Projects with active installations, those that were looked at longest ago first. */
export async function listLeastChecked(executor: Executor, limit: number): Promise<Project[]> {
  return executor
    .select(getTableColumns(projects))
    .from(projects)
    .innerJoin(installations, and(eq(installations.project, projects.id), eq(installations.status, 'active')))
    .leftJoin(drift, eq(drift.installation, installations.id))
    .groupBy(projects.id)
    .orderBy(sql`min(coalesce(${drift.checkedAt}, 'epoch'))`, asc(projects.id))
    .limit(limit);
}

/** What is kept of a look, alike for all installations that share the code. */
export type KeptDrift = Omit<Drift, 'installation' | 'checkedAt'>;

export interface Compared {
  installation: Installation;
  /** What the look before found; null when there was none. */
  drift: Drift | null;
}

/** A project's active installations, the oldest first, with what is known of each. */
export async function listCompared(executor: Executor, project: string): Promise<Compared[]> {
  return executor
    .select({ installation: installations, drift })
    .from(installations)
    .leftJoin(drift, eq(drift.installation, installations.id))
    .where(and(eq(installations.project, project), eq(installations.status, 'active')))
    .orderBy(asc(installations.createdAt), asc(installations.id));
}

/** Keeps what a look found of installations that share their code. */
export async function saveDrift(
  executor: Executor,
  installations: readonly { id: string }[],
  kept: KeptDrift,
): Promise<void> {
  await executor
    .insert(drift)
    .values(installations.map(({ id: installation }) => ({ installation, ...kept })))
    .onConflictDoUpdate({ target: drift.installation, set: { ...kept, checkedAt: sql`now()` } });
}

/** Remembers that a project was looked at, so that others come first the next time. */
export async function touchDrift(executor: Executor, project: string): Promise<void> {
  const own = executor.select({ id: installations.id }).from(installations).where(eq(installations.project, project));
  await executor
    .update(drift)
    .set({ checkedAt: sql`now()` })
    .where(inArray(drift.installation, own));
}

/** What the last look found of an installation; undefined before the first, and when it is not active any more. */
export async function findDrift(executor: Executor, installation: string): Promise<Drift | undefined> {
  const [found] = await executor
    .select(getTableColumns(drift))
    .from(drift)
    .innerJoin(installations, eq(installations.id, drift.installation))
    .where(and(eq(drift.installation, installation), inArray(installations.status, [...holding])));
  return found;
}

export interface EndedDrift {
  installation: Installation;
  project: Project;
  drift: Drift;
}

/** What is still known of installations that are not active any more. */
export async function listEndedDrift(executor: Executor): Promise<EndedDrift[]> {
  return executor
    .select({ installation: installations, project: projects, drift })
    .from(drift)
    .innerJoin(installations, eq(installations.id, drift.installation))
    .innerJoin(projects, eq(projects.id, installations.project))
    .where(notInArray(installations.status, [...holding]))
    .orderBy(asc(drift.installation));
}

/** Forgets what was found of an installation. */
export async function deleteDrift(executor: Executor, installation: string): Promise<void> {
  await executor.delete(drift).where(eq(drift.installation, installation));
}

/** How many active installations have something missing. */
export async function countDrifted(executor: Executor): Promise<{ environment: Environment; drifted: number }[]> {
  return executor
    .select({ environment: installations.environment, drifted: count() })
    .from(drift)
    .innerJoin(installations, eq(installations.id, drift.installation))
    .where(and(inArray(installations.status, [...holding]), sql`${drift.findings} @> '[{"kind":"missing"}]'`))
    .groupBy(installations.environment)
    .orderBy(asc(installations.environment));
}
