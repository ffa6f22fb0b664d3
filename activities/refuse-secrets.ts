import { GraftError } from '../contract/errors.ts';
import { getConnector } from '../connectors/index.ts';
import { findUsableVersion } from '../db/queries/credential-versions.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { ControlDependencies } from './dependencies.ts';

/** Throws when a text that is about to leave Graft holds a secret of this installation, or a piece of one. */
export async function refuseSecrets(
  { database, vault }: ControlDependencies,
  { id, project, connector }: Installation,
  texts: readonly string[],
): Promise<void> {
  const version = await findUsableVersion(database, id);
  if (version === undefined) return;
  const at = { project, installation: id, version: version.id };
  const values = await vault.openVersion(version.encrypted, at, 'search the pull request for secrets');
  const { credentialFields } = getConnector(connector).manifest;
  const secrets = credentialFields.flatMap(({ name, secret }) =>
    secret && values[name] !== undefined ? [values[name]] : [],
  );
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
