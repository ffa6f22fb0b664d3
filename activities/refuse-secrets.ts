import { GraftError } from '../contract/errors.ts';
import { getConnector } from '../connectors/index.ts';
import { findUsableVersion } from '../db/queries/credential-versions.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { ControlDependencies } from './dependencies.ts';

/** The secret values of an installation, opened for a purpose; none when it has no usable version. */
export async function readSecrets(
  { database, vault }: ControlDependencies,
  { id, project, connector }: Installation,
  purpose: string,
): Promise<readonly string[]> {
  const version = await findUsableVersion(database, id);
  if (version === undefined) return [];
  const values = await vault.openVersion(
    version.encrypted,
    { project, installation: id, version: version.id },
    purpose,
  );
  const { credentialFields } = getConnector(connector).manifest;
  return credentialFields.flatMap(({ name, secret }) => (secret && values[name] !== undefined ? [values[name]] : []));
}

/** Throws when a text that is about to leave Graft holds a secret of this installation, or a piece of one. */
export async function refuseSecrets(
  dependencies: ControlDependencies,
  installation: Installation,
  texts: readonly string[],
): Promise<void> {
  const secrets = await readSecrets(dependencies, installation, 'search the pull request for secrets');
  for (const text of texts)
    if (secrets.some((secret) => holdsPieceOf(text, secret)))
      throw new GraftError(
        'validation_failed',
        'The pull request would show a secret; nothing was pushed. Report this connector.',
      );
}

// Shorter pieces are words and prefixes that every text may have.
const telling = 16;

function holdsPieceOf(text: string, secret: string): boolean {
  if (secret.length <= telling) return secret !== '' && text.includes(secret);
  for (let at = 0; at + telling <= secret.length; at += 1)
    if (text.includes(secret.slice(at, at + telling))) return true;
  return false;
}
