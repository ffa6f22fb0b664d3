import { posix } from 'node:path';
import type { AppFacts, ContributionInput, Manifest } from '../contract/connector.ts';

/** What a connector's code is called in an app (`stripe`, or `stripe-shop` under an alias), and its folder relative to the app. */
export function folderOf({ id }: Pick<Manifest, 'id'>, { app, alias }: Pick<ContributionInput, 'app' | 'alias'>) {
  const name = alias === '' ? id : `${id}-${alias}`;
  return { name, folder: posix.join(app.sourceDir, 'connectors', name) };
}

/** That folder as the app's root file, or root layout, would import it. */
export function importPath({ routesDir }: AppFacts, folder: string): string {
  const path = posix.relative(routesDir, folder);
  return path.startsWith('.') ? path : `./${path}`;
}

/** The ending of the app's modules without JSX. */
export function extensionOf({ language }: AppFacts): 'js' | 'ts' {
  return language === 'javascript' ? 'js' : 'ts';
}
