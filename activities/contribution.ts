import type { ProjectFacts, Snapshot, WantedConnector } from '../contract/codegen.ts';
import type { Connector, Discovered } from '../contract/connector.ts';
import { GraftError } from '../contract/errors.ts';
import { contributionTo, findOtherAlias, getConnector } from '../connectors/index.ts';
import { readProject } from '../codegen/read-project.ts';
import { readRecords } from '../codegen/records.ts';
import type { BundledLists } from './read-bundled.ts';

export interface Wanted extends WantedConnector {
  facts: ProjectFacts;
  catalogue: Connector;
}

/** What a connector wants in the app of this snapshot; `bundled` is what `readBundled` gives for it, `discovered` what `readDiscovered` does. Throws when the app or its SDK is not one it supports. */
export function wantedFor(
  snapshot: Snapshot,
  appDir: string,
  asked: { connector: string; alias: string; options: Record<string, unknown> },
  bundled: BundledLists,
  discovered?: Discovered,
): Wanted {
  const catalogue = getConnector(asked.connector);
  const facts = readProject(snapshot, appDir);
  const other = findOtherAlias(catalogue.manifest, asked.alias, readRecords(snapshot, appDir));
  if (other !== undefined)
    throw new GraftError(
      'already_installed',
      `An app can hold ${catalogue.manifest.name} only once, and this one has it under another alias: use the same.`,
      { fields: [{ field: 'alias', fix: other.alias === '' ? 'Leave it out.' : `Use ${other.alias}.` }] },
    );
  const { connector, alias, options } = asked;
  const list = bundled.get(facts.version);
  const app = list === undefined ? facts : { ...facts, bundled: list };
  return {
    connector,
    alias,
    options,
    version: catalogue.manifest.version,
    contribution: contributionTo(catalogue, { app, alias, options, discovered }),
    facts,
    catalogue,
  };
}
