import { listChangedOriginals, textsByBlob } from '../codegen/originals.ts';
import { readProject } from '../codegen/read-project.ts';
import { findRecord } from '../codegen/records.ts';
import { getConnector, isTested } from '../connectors/index.ts';
import type { CodeHost } from '../contract/code-host.ts';
import type { Snapshot } from '../contract/codegen.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';

/**
 * What was written into a connector's files that people changed since in any of these trees, by blob id: made again where
 * this version of the connector makes the same, else out of the repository's history. What is in neither is left out.
 */
export async function readOriginals(
  { host, project }: { host: CodeHost; project: Project },
  installation: Pick<Installation, 'connector' | 'alias'>,
  trees: readonly Snapshot[],
): Promise<ReadonlyMap<string, string>> {
  const { repository, appDir } = project;
  const originals = new Map<string, string>();
  for (const tree of trees) {
    const wanted = listChangedOriginals(tree, appDir, installation).filter((blob) => !originals.has(blob));
    if (wanted.length === 0) continue;
    const made = makeAgain(tree, appDir, installation);
    for (const blob of wanted) {
      const bytes = made.has(blob) ? undefined : await host.readBlob(repository, blob);
      const text = made.get(blob) ?? (bytes && Buffer.from(bytes).toString());
      if (text !== undefined) originals.set(blob, text);
    }
  }
  return originals;
}

/** The connector's files by blob id, as it would write them for the options that stand in its record. */
function makeAgain(tree: Snapshot, appDir: string, of: { connector: string; alias: string }): Map<string, string> {
  const connector = getConnector(of.connector);
  const options = connector.manifest.options.safeParse(findRecord(tree, appDir, of)?.options);
  if (!options.success) return new Map();
  const app = readProject(tree, appDir);
  // An app that has moved on to an SDK without a table is none of the connector's to write for; the history has the files.
  if (!isTested(connector.manifest, app)) return new Map();
  return textsByBlob(connector.contribute({ app, alias: of.alias, options: options.data }).files, app);
}
