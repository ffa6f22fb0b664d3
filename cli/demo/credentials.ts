import type { Manifest } from '../../contract/connector.ts';
import { realCredentials } from '../embedded/simulators.ts';

/** The person's own keys from the environment, else made-up ones of the right form, which only the simulator takes. */
export function demoCredentials(
  manifest: Manifest,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return realCredentials(manifest, environment) ?? madeUp(manifest);
}

function madeUp(manifest: Manifest): Record<string, string> {
  const tail = Array.from({ length: 6 }, (_, part) => `Q${part}x7`).join('');
  return Object.fromEntries(
    manifest.credentialFields
      .filter(({ required }) => required)
      // A placeholder such as `pk_test_…` shows the form up to where the value begins.
      .map(({ name, placeholder }) => [name, (placeholder.split('…')[0] ?? '') + tail]),
  );
}
