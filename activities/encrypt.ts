import { hostname } from 'node:os';
import type { ControlActivities } from '../contract/activities.ts';
import { GraftError } from '../contract/errors.ts';
import { newId } from '../contract/ids.ts';
import { destroyVersions, findVersionBySubmission, saveVersion } from '../db/queries/credential-versions.ts';
import { getInstallation } from '../db/queries/installations.ts';
import { findSubmission } from '../db/queries/submissions.ts';
import { encryptVersion } from '../vault/envelope.ts';
import type { ControlDependencies } from './dependencies.ts';
import { recordedStep, statusDuring } from './recorded-step.ts';

type Encrypting = Pick<ControlActivities, 'encrypt' | 'destroyVersion'>;

/** Step 3: opens the submission, writes the version under a fresh data key and deletes the submission; and its undo. */
export function createEncrypt({ database, vault, ring, audit }: ControlDependencies): Encrypting {
  return {
    async encrypt({ installation: id, submission }) {
      const { project, connector, environment, status } = await getInstallation(database, id);
      const at = { installation: id, step: 'encrypt', status: statusDuring('install', status) } as const;
      return recordedStep(database, at, async () => {
        const earlier = await findVersionBySubmission(database, submission);
        if (earlier !== undefined && earlier.state !== 'destroyed') return { result: { version: earlier.id } };
        const found = await findSubmission(database, submission);
        if (found === undefined)
          throw new GraftError(
            'credentials_expired',
            'The credentials that were sent are no longer kept: send them again.',
          );

        const binding = {
          kind: 'installation',
          submission,
          project,
          installation: id,
          connector,
          environment,
        } as const;
        const values = await vault.openSubmission(found.sealed, binding, 'encrypt');
        const version = newId('version');
        const encrypted = await encryptVersion(ring, { project, installation: id, version }, values);
        return {
          result: { version },
          write: async (transaction) => {
            await saveVersion(transaction, { id: version, installation: id, submission, encrypted });
          },
        };
      });
    },

    async destroyVersion({ installation }) {
      await destroy({ database, audit }, installation, ['staged', 'current', 'expiring']);
    },
  } satisfies Encrypting;
}

/** Destroys what was encrypted for an operation that did not come to its end; what is in use stays. */
export async function destroyStaged(
  dependencies: Pick<ControlDependencies, 'database' | 'audit'>,
  installation: string,
): Promise<void> {
  await destroy(dependencies, installation, ['staged']);
}

async function destroy(
  { database, audit }: Pick<ControlDependencies, 'database' | 'audit'>,
  installation: string,
  states: Parameters<typeof destroyVersions>[2],
): Promise<void> {
  const entry = { actor: `control@${hostname()}`, action: 'destroy_version', purpose: 'undo or removal' } as const;
  // Together: a second try would find nothing to destroy, and leave no row.
  await database.transaction(async (transaction) => {
    for (const version of await destroyVersions(transaction, installation, states))
      await audit({ ...entry, subject: { installation, version } }, transaction);
  });
}
