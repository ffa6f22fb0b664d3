import { and, desc, eq, inArray, ne, sql } from 'drizzle-orm';
import { GraftError } from '../../contract/errors.ts';
import type { EncryptedVersion } from '../../contract/vault.ts';
import type { Executor } from '../connect.ts';
import { type CredentialVersion, credentialVersions } from '../schema/credential-versions.ts';
import { installations } from '../schema/installations.ts';
import { submissions } from '../schema/submissions.ts';

const destroyed = { state: 'destroyed', encrypted: null, destroyedAt: sql`now()` } as const;

/**
 * Stages a version and deletes the submission it was made from with those before it, together; a version staged before
 * is destroyed. Gives the id of the version that stands: the earlier one when this submission was encrypted already.
 */
export async function saveVersion(
  executor: Executor,
  given: { id: string; installation: string; submission: string; encrypted: EncryptedVersion },
): Promise<string> {
  return executor.transaction(async (transaction) => {
    await transaction
      .select({ id: installations.id })
      .from(installations)
      .where(eq(installations.id, given.installation))
      .for('update');
    const earlier = await findVersionBySubmission(transaction, given.submission);
    if (earlier === undefined) {
      await transaction
        .update(credentialVersions)
        .set(destroyed)
        .where(and(eq(credentialVersions.installation, given.installation), eq(credentialVersions.state, 'staged')));
      await transaction.insert(credentialVersions).values({
        ...given,
        number: sql`(select coalesce(max(number), 0) + 1 from credential_versions where installation = ${given.installation})`,
      });
    }
    await transaction
      .delete(submissions)
      .where(
        and(
          eq(submissions.installation, given.installation),
          sql`${submissions.createdAt} <= (select created_at from submissions where id = ${given.submission})`,
        ),
      );
    return earlier?.id ?? given.id;
  });
}

/** The version that was made from a submission, if it was encrypted. */
export async function findVersionBySubmission(
  executor: Executor,
  submission: string,
): Promise<{ id: string; state: CredentialVersion['state'] } | undefined> {
  const [found] = await executor
    .select({ id: credentialVersions.id, state: credentialVersions.state })
    .from(credentialVersions)
    .where(eq(credentialVersions.submission, submission));
  return found;
}

/** The version in use, or the one staged to be: the newest that is not destroyed. Not for the api's role. */
export async function findUsableVersion(
  executor: Executor,
  installation: string,
): Promise<(CredentialVersion & { encrypted: EncryptedVersion }) | undefined> {
  const [found] = await executor
    .select()
    .from(credentialVersions)
    .where(
      and(eq(credentialVersions.installation, installation), inArray(credentialVersions.state, ['staged', 'current'])),
    )
    .orderBy(desc(credentialVersions.number))
    .limit(1);
  if (found === undefined) return undefined;
  if (found.encrypted === null)
    throw new GraftError('internal', `Version ${found.id} is not destroyed and has no data.`);
  return { ...found, encrypted: found.encrypted };
}

/** Makes a staged version the current one; the one before is destroyed. Safe to run twice. */
export async function promoteVersion(executor: Executor, installation: string, version: string): Promise<void> {
  await executor.transaction(async (transaction) => {
    const promoted = await transaction
      .update(credentialVersions)
      .set({ state: 'current' })
      .where(
        and(
          eq(credentialVersions.id, version),
          eq(credentialVersions.installation, installation),
          inArray(credentialVersions.state, ['staged', 'current']),
        ),
      )
      .returning({ id: credentialVersions.id });
    if (promoted.length === 0) throw new GraftError('internal', `Version ${version} is destroyed and cannot be used.`);
    await transaction
      .update(credentialVersions)
      .set(destroyed)
      .where(
        and(
          eq(credentialVersions.installation, installation),
          eq(credentialVersions.state, 'current'),
          ne(credentialVersions.id, version),
        ),
      );
  });
}

/** Destroys versions of an installation in these states; gives the ids that were destroyed now. */
export async function destroyVersions(
  executor: Executor,
  installation: string,
  states: readonly CredentialVersion['state'][],
): Promise<string[]> {
  const gone = await executor
    .update(credentialVersions)
    .set(destroyed)
    .where(and(eq(credentialVersions.installation, installation), inArray(credentialVersions.state, [...states])))
    .returning({ id: credentialVersions.id });
  return gone.map(({ id }) => id);
}

/** Number and state of an installation's versions, the newest first; never what is in them. */
export async function listVersions(
  executor: Executor,
  installation: string,
): Promise<Pick<CredentialVersion, 'id' | 'number' | 'state' | 'createdAt' | 'destroyedAt'>[]> {
  return executor
    .select({
      id: credentialVersions.id,
      number: credentialVersions.number,
      state: credentialVersions.state,
      createdAt: credentialVersions.createdAt,
      destroyedAt: credentialVersions.destroyedAt,
    })
    .from(credentialVersions)
    .where(eq(credentialVersions.installation, installation))
    .orderBy(desc(credentialVersions.number));
}
