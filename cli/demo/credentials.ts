import type { Manifest } from '../../contract/connector.ts';
import { realCredentials } from '../embedded/simulators.ts';

/** The person's own keys from the environment, else made-up ones of the right form, which only the simulator takes. */
export function demoCredentials(
  manifest: Manifest,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return realCredentials(manifest, environment) ?? madeUp(manifest);
}

/** Of all fields, so that the demo shows what the optional ones bring; of the required ones where a placeholder is no whole value. */
function madeUp({ credentialFields, credentials }: Manifest): Record<string, string> {
  // Letters and digits that base32 has too, and as many as the longest keys want.
  const tail = 'q2x7'.repeat(24);
  // A placeholder such as `pk_test_…` shows the form up to where the value begins; one without dots is a whole value.
  const valueOf = (placeholder: string): string => {
    const [beginning = '', ...more] = placeholder.split('…');
    return more.length === 0 ? placeholder : beginning + tail;
  };
  const valuesOf = (fields: Manifest['credentialFields']) =>
    Object.fromEntries(fields.map(({ name, placeholder }) => [name, valueOf(placeholder)]));
  const all = valuesOf(credentialFields);
  return credentials.safeParse(all).success ? all : valuesOf(credentialFields.filter((field) => field.required));
}
