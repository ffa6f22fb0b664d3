import { readIntegrity } from '../codegen/read-integrity.ts';
import { readProject } from '../codegen/read-project.ts';
import { getConnector, isTested } from '../connectors/index.ts';
import { type BundledSource, readBundledVersions } from '../connectors/read-bundled-versions.ts';
import type { Snapshot } from '../contract/codegen.ts';
import type { BundledVersions } from '../contract/connector.ts';

/** What Expo SDKs bring, by exact version of `expo`. */
export type BundledLists = ReadonlyMap<string, BundledVersions>;

/**
 * What the Expo SDK of each tree brings, where the connector was not tested with it; a removal needs none. Throws what
 * `readBundledVersions` throws.
 */
export async function readBundled(
  source: BundledSource,
  { connector, remove = false }: { connector: string; remove?: boolean },
  appDir: string,
  trees: readonly Snapshot[],
): Promise<BundledLists> {
  const { manifest } = getConnector(connector);
  const lists = new Map<string, BundledVersions>();
  for (const tree of remove ? [] : trees) {
    const facts = readProject(tree, appDir);
    const { framework, version } = facts;
    if (framework !== 'expo' || lists.has(version) || isTested(manifest, facts)) continue;
    const integrity = readIntegrity(tree, facts, { name: framework, version });
    lists.set(version, await readBundledVersions({ version, integrity }, source));
  }
  return lists;
}
