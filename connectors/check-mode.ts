import type { Environment } from '../contract/closed-sets.ts';
import type { Manifest } from '../contract/connector.ts';
import { GraftError } from '../contract/errors.ts';

const wanted = { development: 'test', staging: undefined, production: 'live' } as const;

/** Do credentials of this mode belong in this environment? Throws `mode_mismatch`; staging, and providers without modes, take either. */
export function checkMode(manifest: Manifest, mode: 'test' | 'live' | undefined, environment: Environment): void {
  const right = wanted[environment];
  if (mode === undefined || right === undefined || mode === right) return;
  const fix = `Paste the ${right} mode values: ${environment} takes no ${mode} mode.`;
  throw new GraftError('mode_mismatch', `These are ${mode} mode credentials of ${manifest.name}. ${fix}`, {
    fields: manifest.credentialFields.map(({ name }) => ({ field: name, fix })),
    details: { mode, environment },
  });
}
