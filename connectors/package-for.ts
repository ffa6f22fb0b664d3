import type { AppFacts, Contribution, Manifest } from '../contract/connector.ts';
import { GraftError } from '../contract/errors.ts';

/** A package in the version that belongs to an app's framework; throws `unsupported_sdk` where the manifest lists none. */
export function packageFor(
  { compatibility }: Pick<Manifest, 'compatibility'>,
  name: string,
  { framework, major, version }: Pick<AppFacts, 'framework' | 'major' | 'version'>,
): Contribution['packages'][number] {
  const range = compatibility[framework]?.packages[name]?.[major];
  if (range !== undefined) return { name, range };
  throw new GraftError('unsupported_sdk', `No version of ${name} is known for ${framework} ${version}.`);
}
