import type { ValuesChoice } from '../contract/activities.ts';
import type { Contribution, EnvironmentKey } from '../contract/connector.ts';
import { listOwnNames, takeNames } from '../db/queries/published-values.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';
import type { ControlDependencies } from './dependencies.ts';
import { openUsable } from './test-connection.ts';
import { checkNames, targetOf } from './validate.ts';

/**
 * Publishes what the app reads under its names, and gives these. A name kept as it was stays somebody else's. Throws what
 * `checkNames` throws.
 */
export async function publishValues(
  dependencies: ControlDependencies,
  installation: Installation,
  project: Project,
  contribution: Contribution,
  choice: ValuesChoice | undefined,
): Promise<string[]> {
  await checkNames(dependencies, { installation, project, contribution, choice });
  const { database, values } = dependencies;
  const publisher = values[project.codeHost];
  const target = targetOf(installation, project);
  const place = await publisher.placeOf(target);
  const credentials = await openUsable(dependencies, installation, 'publish');
  // An earlier try may have published to another place, where the names were free.
  const owned = await listOwnNames(database, installation.id);
  const own = new Set(owned.filter((entry) => entry.place === place).map(({ name }) => name));
  const existing = new Set(await publisher.list(place));
  const ours = ({ key }: EnvironmentKey) => own.has(key) || choice !== 'keep' || !existing.has(key);
  const published = Object.fromEntries(
    contribution.environmentKeys.filter(ours).flatMap(({ key, credential, secret }) => {
      const value = credentials[credential];
      return value === undefined ? [] : [[key, { value, secret }]];
    }),
  );
  const { environment, id } = installation;
  await takeNames(database, place, { project: project.id, environment, installation: id }, Object.keys(published));
  await publisher.publish(place, published);
  return Object.keys(published);
}
