import { connectors } from '../connectors/index.ts';
import type { Connector } from '../contract/connector.ts';
import { GraftError } from '../contract/errors.ts';

/** The connector that a body names; throws `invalid_request` with the names there are. */
export function connectorNamed(id: string): Connector {
  const connector = connectors.get(id);
  if (connector !== undefined) return connector;
  const fix = `Choose one of: ${[...connectors.keys()].join(', ')}.`;
  throw new GraftError('invalid_request', `There is no such connector. ${fix}`, {
    fields: [{ field: 'connector', fix }],
  });
}
