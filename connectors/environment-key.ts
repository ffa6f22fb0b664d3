import type { Framework } from '../contract/closed-sets.ts';
import type { Manifest } from '../contract/connector.ts';

/** A key that is built into the app, under the prefix of the app's framework; other keys stay as they are. */
export function publicKeyFor(key: string, framework: Framework): string {
  return key.replace(/^(?:EXPO|NEXT)_PUBLIC_/, framework === 'next' ? 'NEXT_PUBLIC_' : 'EXPO_PUBLIC_');
}

/** The name of an environment key under an alias: `SHOP_STRIPE_SECRET_KEY`, `EXPO_PUBLIC_SHOP_STRIPE_PUBLISHABLE_KEY`. */
export function environmentKeyFor(key: string, alias: string): string {
  if (alias === '') return key;
  const publicPrefix = /^(EXPO_PUBLIC_|NEXT_PUBLIC_)?/.exec(key)?.[0] ?? '';
  const name = alias.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
  return `${publicPrefix}${name}_${key.slice(publicPrefix.length)}`;
}

/** Each environment key of a connector, as templates write it, with its name under an alias. */
export function keysUnderAlias(
  { credentialFields }: Pick<Manifest, 'credentialFields'>,
  alias: string,
): Record<string, string> {
  return Object.fromEntries(
    credentialFields.map(({ environmentKey }) => [environmentKey, environmentKeyFor(environmentKey, alias)]),
  );
}
