import type { Environment } from '../contract/closed-sets.ts';
import type { Manifest } from '../contract/connector.ts';
import type { FieldFault } from '../contract/errors.ts';
import { faultsIn } from './parse.ts';

const modeOf: Partial<Record<Environment, 'test' | 'live'>> = { development: 'test', production: 'live' };

/** Checks credentials by a manifest and by the mode that the environment needs; gives the values to seal, or the faults. */
export function readCredentials(
  manifest: Manifest,
  environment: Environment,
  given: Record<string, unknown>,
): { values: Record<string, string>; faults: FieldFault[] } {
  const { value, faults } = faultsIn(manifest.credentials, given, 'credentials');
  if (value === undefined) return { values: {}, faults };
  const entries = Object.entries(value).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { values: Object.fromEntries(entries), faults: modeFaults(manifest, environment, value) };
}

function modeFaults(
  manifest: Manifest,
  environment: Environment,
  credentials: Record<string, string | undefined>,
): FieldFault[] {
  const wanted = modeOf[environment];
  const found = manifest.modeOf(credentials);
  if (wanted === undefined || found === undefined || found === wanted) return [];
  const field = manifest.credentialFields.find(({ secret }) => secret) ?? manifest.credentialFields[0];
  const fix =
    wanted === 'test'
      ? `These are live credentials: use test credentials in ${environment}, so that nobody is charged by mistake.`
      : `These are test credentials: use live credentials in ${environment}, or choose another environment.`;
  return [{ field: `credentials.${field?.name ?? ''}`, fix }];
}
