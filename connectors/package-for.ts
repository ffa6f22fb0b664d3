import type { AppFacts, Contribution, Manifest } from '../contract/connector.ts';
import { GraftError } from '../contract/errors.ts';

/** So far from a tested SDK a package that Expo does not bundle is taken in the version of the tested ones. */
const nearMajors = 2;

/**
 * A package in the version that belongs to an app's framework: from the manifest's table, else from the list of the app's own Expo
 * SDK, else the one that goes with every tested SDK near it. Throws `unsupported_sdk` where none of these has it.
 */
export function packageFor(
  { compatibility }: Pick<Manifest, 'compatibility'>,
  name: string,
  { framework, major, version, bundled }: Pick<AppFacts, 'framework' | 'major' | 'version' | 'bundled'>,
): Contribution['packages'][number] {
  const tested = compatibility[framework]?.packages[name] ?? {};
  const range = tested[major] ?? (bundled && (bundled[name] ?? independentRange(tested, major)));
  if (range !== undefined) return { name, range };
  const majors = Object.keys(tested).join(', ');
  throw new GraftError(
    'unsupported_sdk',
    `No version of ${name} is known for ${framework} ${version}. Move the app to ${framework} ${majors} first.`,
  );
}

/** Where all tested majors have the same version of a package, it does not go with them. */
function independentRange(tested: Readonly<Record<number, string>>, major: number): string | undefined {
  const [range, ...others] = new Set(Object.values(tested));
  const isNear = Object.keys(tested).some((one) => Math.abs(Number(one) - major) <= nearMajors);
  return others.length === 0 && isNear ? range : undefined;
}
