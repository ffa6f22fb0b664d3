import type { ProjectFacts, Snapshot, WantedConnector } from '../contract/codegen.ts';
import type { Connector } from '../contract/connector.ts';
import { GraftError } from '../contract/errors.ts';
import { checkCompatibility, getConnector } from '../connectors/index.ts';
import { readProject } from '../codegen/read-project.ts';

export interface Wanted extends WantedConnector {
  facts: ProjectFacts;
  catalogue: Connector;
}

/** What a connector wants in the app of this snapshot; throws when the app or its SDK is not one it supports. */
export function wantedFor(
  snapshot: Snapshot,
  appDir: string,
  asked: { connector: string; alias: string; options: Record<string, unknown> },
): Wanted {
  const catalogue = getConnector(asked.connector);
  const facts = readProject(snapshot, appDir);
  checkCompatibility(catalogue.manifest, facts);
  if (asked.alias !== '' && catalogue.manifest.singleton)
    throw new GraftError(
      'invalid_request',
      `An app can hold ${catalogue.manifest.name} only once, so it takes no alias.`,
      {
        fields: [{ field: 'alias', fix: 'Leave it out.' }],
      },
    );
  const { connector, alias, options } = asked;
  return {
    connector,
    alias,
    options,
    version: catalogue.manifest.version,
    contribution: catalogue.contribute({ app: facts, alias, options }),
    facts,
    catalogue,
  };
}
