import { count, eq, ne, sql } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { credentialVersions } from '../schema/credential-versions.ts';
import { discoveries } from '../schema/discoveries.ts';
import { operations } from '../schema/operations.ts';
import { publishedValues } from '../schema/published-values.ts';
import { submissions } from '../schema/submissions.ts';

export interface Leftovers {
  publishedNames: number;
  submissions: number;
  claims: number;
  discoveries: number;
  usableVersions: number;
  destroyedVersions: number;
}

/** What the database still holds of an installation beside its history. */
export async function countLeftovers(executor: Executor, installation: string): Promise<Leftovers> {
  const [[names], [sent], [claims], [told], [versions]] = await Promise.all([
    executor.select({ number: count() }).from(publishedValues).where(eq(publishedValues.installation, installation)),
    executor.select({ number: count() }).from(submissions).where(eq(submissions.installation, installation)),
    executor.select({ number: count() }).from(operations).where(eq(operations.installation, installation)),
    executor.select({ number: count() }).from(discoveries).where(eq(discoveries.installation, installation)),
    executor
      .select({
        usable: sql<number>`count(*) filter (where ${ne(credentialVersions.state, 'destroyed')})`.mapWith(Number),
        destroyed: sql<number>`count(*) filter (where ${eq(credentialVersions.state, 'destroyed')})`.mapWith(Number),
      })
      .from(credentialVersions)
      .where(eq(credentialVersions.installation, installation)),
  ]);
  return {
    publishedNames: names?.number ?? 0,
    submissions: sent?.number ?? 0,
    claims: claims?.number ?? 0,
    discoveries: told?.number ?? 0,
    usableVersions: versions?.usable ?? 0,
    destroyedVersions: versions?.destroyed ?? 0,
  };
}
