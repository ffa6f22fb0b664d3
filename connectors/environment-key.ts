import type { AppFacts, Manifest } from '../contract/connector.ts';

type App = Pick<AppFacts, 'framework'>;

/**
 * The name of an environment key in an app and under an alias: `SHOP_STRIPE_SECRET_KEY`, `EXPO_PUBLIC_SHOP_STRIPE_PUBLISHABLE_KEY`.
 * A key that is built into the app has the prefix of its framework.
 */
export function environmentKeyFor(key: string, { framework }: App, alias: string): string {
  const isPublic = /^(?:EXPO|NEXT)_PUBLIC_/.exec(key)?.[0] ?? '';
  const prefix = isPublic && (framework === 'next' ? 'NEXT_PUBLIC_' : 'EXPO_PUBLIC_');
  const name = alias === '' ? '' : `${alias.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_`;
  return `${prefix}${name}${key.slice(isPublic.length)}`;
}

/** Each environment key of a connector, as templates write it, with its name in an app and under an alias. */
export function keysUnderAlias(
  { credentialFields }: Pick<Manifest, 'credentialFields'>,
  app: App,
  alias: string,
): Record<string, string> {
  return Object.fromEntries(
    credentialFields.map(({ environmentKey }) => [environmentKey, environmentKeyFor(environmentKey, app, alias)]),
  );
}
