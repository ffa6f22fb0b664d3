import { and, asc, eq, inArray, ne } from 'drizzle-orm';
import type { Environment } from '../../contract/closed-sets.ts';
import { GraftError } from '../../contract/errors.ts';
import type { Executor } from '../connect.ts';
import { publishedValues } from '../schema/published-values.ts';

/** Takes names in a place for an installation; throws `environment_key_taken` when another one owns any of them. Safe to run twice. */
export async function takeNames(
  executor: Executor,
  place: string,
  of: { project: string; environment: Environment; installation: string },
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  await executor.transaction(async (transaction) => {
    await transaction
      .insert(publishedValues)
      .values(names.map((name) => ({ ...of, place, name })))
      .onConflictDoNothing();
    const [taken] = await transaction
      .select({ name: publishedValues.name, installation: publishedValues.installation })
      .from(publishedValues)
      .where(
        and(
          eq(publishedValues.place, place),
          inArray(publishedValues.name, [...names]),
          ne(publishedValues.installation, of.installation),
        ),
      )
      .limit(1);
    if (taken !== undefined)
      throw new GraftError(
        'environment_key_taken',
        `${taken.name} belongs to installation ${taken.installation}; remove that one first, or choose another alias.`,
        { details: taken },
      );
  });
}

/** The names published in a place, with their owners. */
export async function listNames(executor: Executor, place: string): Promise<{ name: string; installation: string }[]> {
  return executor
    .select({ name: publishedValues.name, installation: publishedValues.installation })
    .from(publishedValues)
    .where(eq(publishedValues.place, place))
    .orderBy(asc(publishedValues.name));
}

/** The names that an installation owns, with the place of each. */
export async function listOwnNames(
  executor: Executor,
  installation: string,
): Promise<{ place: string; name: string }[]> {
  return executor
    .select({ place: publishedValues.place, name: publishedValues.name })
    .from(publishedValues)
    .where(eq(publishedValues.installation, installation))
    .orderBy(asc(publishedValues.place), asc(publishedValues.name));
}

/** Gives up every name that an installation owns. */
export async function releaseOwnNames(executor: Executor, installation: string): Promise<void> {
  await executor.delete(publishedValues).where(eq(publishedValues.installation, installation));
}

/** Gives up some of the names that an installation owns in a place. */
export async function releaseNames(
  executor: Executor,
  installation: string,
  place: string,
  names: readonly string[],
): Promise<void> {
  await executor
    .delete(publishedValues)
    .where(
      and(
        eq(publishedValues.installation, installation),
        eq(publishedValues.place, place),
        inArray(publishedValues.name, [...names]),
      ),
    );
}

/** The names that a project's installations published for an environment, wherever they stand. */
export async function listProjectNames(
  executor: Executor,
  project: string,
  environment: Environment,
): Promise<string[]> {
  const rows = await executor
    .select({ name: publishedValues.name })
    .from(publishedValues)
    .where(and(eq(publishedValues.project, project), eq(publishedValues.environment, environment)))
    .orderBy(asc(publishedValues.name));
  return rows.map(({ name }) => name);
}
