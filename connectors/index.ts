import type { Connector, Manifest } from '../contract/connector.ts';
import type { ProjectFacts } from '../contract/codegen.ts';
import { GraftError } from '../contract/errors.ts';
import { firebase } from './firebase/index.ts';
import { onesignal } from './onesignal/index.ts';
import { revenuecat } from './revenuecat/index.ts';
import { stripe } from './stripe/index.ts';
import { supabase } from './supabase/index.ts';

/** Every connector by its id. */
export const connectors: ReadonlyMap<string, Connector> = new Map(
  [firebase, onesignal, revenuecat, stripe, supabase].map((one) => [one.manifest.id, one]),
);

/** The connector with this id; throws `not_found` with the ids there are. */
export function getConnector(id: string): Connector {
  const connector = connectors.get(id);
  if (connector) return connector;
  const fix = `Choose one of: ${[...connectors.keys()].join(', ')}.`;
  throw new GraftError('not_found', `There is no connector "${id}". ${fix}`, {
    fields: [{ field: 'connector', fix }],
    details: { connectors: [...connectors.keys()] },
  });
}

/** Does the connector support this app's framework and its version? Throws `unsupported_app` or `unsupported_sdk`. */
export function checkCompatibility(manifest: Manifest, facts: ProjectFacts): void {
  const compatibility = manifest.compatibility[facts.framework];
  if (!compatibility) {
    const frameworks = Object.keys(manifest.compatibility).join(', ');
    const fix = `Choose a connector for ${facts.framework} apps; this one supports: ${frameworks}.`;
    throw new GraftError('unsupported_app', `${manifest.name} has no code for ${facts.framework} apps. ${fix}`, {
      fields: [{ field: 'connector', fix }],
      details: { framework: facts.framework },
    });
  }
  if (compatibility.majors.includes(facts.major)) return;
  const fix = `Move the app to ${facts.framework} ${compatibility.majors.join(', ')} first; it has ${facts.version}.`;
  throw new GraftError('unsupported_sdk', `${manifest.name} was not tested with this app's version. ${fix}`, {
    fields: [{ field: 'connector', fix }],
    details: { framework: facts.framework, version: facts.version, supported: compatibility.majors },
  });
}

/**
 * What already holds a connector of which an app can have only one, under another alias than asked; undefined when nothing
 * is in the way. `present` is whatever names connectors and aliases: ownership records, installations.
 */
export function findOtherAlias<Present extends { connector: string; alias: string }>(
  { id, singleton }: Manifest,
  alias: string,
  present: readonly Present[],
): Present | undefined {
  if (!singleton) return undefined;
  return present.find((one) => one.connector === id && one.alias !== alias);
}
