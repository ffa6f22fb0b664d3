import type { ControlActivities, ValuesChoice } from '../contract/activities.ts';
import { GraftError } from '../contract/errors.ts';
import type { ValueTarget } from '../contract/code-host.ts';
import type { Contribution } from '../contract/connector.ts';
import { codeName } from '../contract/ids.ts';
import { readRecords } from '../codegen/records.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';
import { listNames } from '../db/queries/published-values.ts';
import { getAsked } from './get-asked.ts';
import { wantedFor } from './contribution.ts';
import type { ControlDependencies } from './dependencies.ts';
import { readBundled } from './read-bundled.ts';
import { recordedStep, statusDuring } from './recorded-step.ts';

type Validating = Pick<ControlActivities, 'validate'>;

/** Step 1: framework and SDK at the current base, the options of code that is there, and names that are taken. */
export function createValidate(dependencies: ControlDependencies): Validating {
  const { database, codeHosts } = dependencies;

  return {
    async validate({ installation: id, values }) {
      const { installation, project } = await getAsked(database, id);
      const isUpdate = installation.status === 'active';
      const at = { installation: id, step: 'validate', status: statusDuring('install', installation.status) } as const;
      return recordedStep(database, at, async () => {
        const host = codeHosts[project.codeHost];
        const base = await host.readBase(project.repository);
        const snapshot = await host.readSnapshot(project.repository, base.commit);
        const { appDir } = project;
        const bundled = await readBundled(dependencies, installation, appDir, [snapshot]);
        const { contribution, facts } = wantedFor(snapshot, appDir, installation, bundled);

        const own = codeName(installation.connector, installation.alias);
        for (const record of readRecords(snapshot, appDir)) {
          const name = codeName(record.connector, record.alias);
          if (name === own && !isUpdate && !sameOptions(record.options, installation.options))
            throw new GraftError('options_differ', `${own} is in this app with other options; use the same ones.`);
        }
        await checkNames(dependencies, { installation, project, contribution, choice: values });
        return { result: undefined, facts: { framework: facts.framework, version: facts.version, base: base.commit } };
      });
    },
  } satisfies Validating;
}

function sameOptions(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean {
  const sorted = (options: Readonly<Record<string, unknown>>) =>
    JSON.stringify(Object.entries(options).toSorted(([left], [right]) => (left < right ? -1 : 1)));
  return sorted(one) === sorted(other);
}

/** Throws `environment_key_taken` for another installation's name, and `value_exists` for one that nobody of ours put there. */
export async function checkNames(
  { database, values }: ControlDependencies,
  of: { installation: Installation; project: Project; contribution: Contribution; choice: ValuesChoice | undefined },
): Promise<void> {
  const { installation, project, contribution, choice } = of;
  const wanted = new Set(contribution.environmentKeys.map(({ key }) => key));
  const publisher = values[project.codeHost];
  const place = await publisher.placeOf(targetOf(installation, project));
  const owned = await listNames(database, place);
  const taken = owned.find((entry) => wanted.has(entry.name) && entry.installation !== installation.id);
  if (taken !== undefined)
    throw new GraftError(
      'environment_key_taken',
      `${taken.name} belongs to another installation that has its values in the same place.`,
      {
        details: taken,
      },
    );
  if (choice !== undefined) return;
  const ours = new Set(owned.map(({ name }) => name));
  const existing = await publisher.list(place);
  const strangers = existing.filter((name) => wanted.has(name) && !ours.has(name));
  if (strangers.length > 0)
    throw new GraftError(
      'value_exists',
      `${strangers.join(', ')} had a value in ${installation.environment} before: answer overwrite, or keep what is there.`,
      { details: { names: strangers } },
    );
}

/** Whose values an installation publishes, and for which environment. */
export function targetOf({ environment }: Installation, { id, repository }: Project): ValueTarget {
  return { project: id, repository, environment };
}
