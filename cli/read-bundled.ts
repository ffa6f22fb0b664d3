import { join } from 'node:path';
import { readIntegrity } from '../codegen/read-integrity.ts';
import { getConnector, isTested } from '../connectors/index.ts';
import { readBundledVersions } from '../connectors/read-bundled-versions.ts';
import type { ProjectFacts, Snapshot } from '../contract/codegen.ts';
import type { BundledVersions } from '../contract/connector.ts';
import type { PlanAsked } from './choose-connectors.ts';
import { cacheFolder } from './embedded/cache.ts';
import { readRegistry } from './npm-registry.ts';

/** What the app's Expo SDK brings, where a connector that is to be added was not tested with it; else nothing is asked of the network. */
export async function readBundled(
  { names, remove }: PlanAsked,
  snapshot: Snapshot,
  facts: ProjectFacts,
): Promise<BundledVersions | undefined> {
  const { framework, version } = facts;
  if (remove || framework !== 'expo' || names.every((name) => isTested(getConnector(name).manifest, facts)))
    return undefined;
  const integrity = readIntegrity(snapshot, facts, { name: framework, version });
  const source = { registry: await readRegistry(), registryHosts: [], cache: join(cacheFolder(), 'sdk') };
  return readBundledVersions({ version, integrity }, source);
}
