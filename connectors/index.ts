import type { Connector, Manifest } from '../contract/connector.ts';
import type { ProjectFacts } from '../contract/codegen.ts';
import { GraftError } from '../contract/errors.ts';
import { stripe } from './stripe/index.ts';

/** Every connector by its id. */
export const connectors: ReadonlyMap<string, Connector> = new Map([stripe].map((one) => [one.manifest.id, one]));

/** The connector with this id; throws `not_found` with the ids there are. */
export function getConnector(id: string): Connector {
  const connector = connectors.get(id);
  if (connector) return connector;
  const known = [...connectors.keys()].join(', ');
  throw new GraftError('not_found', `There is no connector "${id}". Choose one of: ${known}.`, {
    details: { connectors: [...connectors.keys()] },
  });
}

/** Does the connector support this app's framework and its version? Throws `unsupported_app` or `unsupported_sdk`. */
export function checkCompatibility(manifest: Manifest, facts: ProjectFacts): void {
  const compatibility = manifest.compatibility[facts.framework];
  if (!compatibility) {
    const frameworks = Object.keys(manifest.compatibility).join(', ');
    throw new GraftError(
      'unsupported_app',
      `${manifest.name} has no code for ${facts.framework} apps. It supports: ${frameworks}.`,
      { details: { framework: facts.framework } },
    );
  }
  if (compatibility.majors.includes(facts.major)) return;
  throw new GraftError(
    'unsupported_sdk',
    `${manifest.name} was tested with ${facts.framework} ${compatibility.majors.join(', ')}; this app has ${facts.version}. ` +
      'Move the app to one of these versions first.',
    { details: { framework: facts.framework, version: facts.version, supported: compatibility.majors } },
  );
}
