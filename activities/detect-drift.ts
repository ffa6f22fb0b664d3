import { Context } from '@temporalio/activity';
import { checkInstalled } from '../codegen/check-installed.ts';
import type { ControlActivities } from '../contract/activities.ts';
import type { CodeHostKind } from '../contract/closed-sets.ts';
import type { Snapshot } from '../contract/codegen.ts';
import { GraftError } from '../contract/errors.ts';
import { codeName } from '../contract/ids.ts';
import { listCompared, listEndedDrift, listLeastChecked, saveDrift, touchDrift } from '../db/queries/drift.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';
import { compareDrift, findKept, missingOf } from './compare-drift.ts';
import type { ControlDependencies } from './dependencies.ts';
import { type LookedAt, forgetEnded, reportDrift } from './report-drift.ts';

type Detecting = Pick<ControlActivities, 'detectDrift'>;
type Dependencies = Pick<ControlDependencies, 'database' | 'codeHosts'>;

/** More projects than this come with the next runs. */
const projectsPerRun = 250;

/** Looks whether what was installed is still there at the base heads, keeps what it finds, and tells people. */
export function createDetectDrift(dependencies: Dependencies): Detecting {
  const { database } = dependencies;

  return {
    async detectDrift() {
      const { cancellationSignal } = Context.current();
      const limited = new Set<CodeHostKind>();
      const left = new Set<string>();
      const failures: unknown[] = [];
      const codes: LookedAt[] = [];

      const attempt = async (project: Project, work: () => Promise<void>): Promise<void> => {
        cancellationSignal.throwIfAborted();
        if (limited.has(project.codeHost)) {
          left.add(project.id);
          return;
        }
        try {
          await work();
        } catch (error) {
          if (error instanceof GraftError && error.code === 'rate_limited') {
            // What is left stays first in line.
            limited.add(project.codeHost);
            left.add(project.id);
            return;
          }
          failures.push(inProject(error, project));
          await touchDrift(database, project.id);
        }
      };

      for (const ended of await listEndedDrift(database))
        await attempt(ended.project, () => forgetEnded(dependencies, ended));
      for (const project of await listLeastChecked(database, projectsPerRun))
        await attempt(project, async () => void codes.push(...(await lookAt(dependencies, project))));

      if (failures.length > 0) throw failures[0];
      return {
        compared: codes.flatMap(({ installations }) => installations).length,
        drifted: codes
          .filter(({ kept }) => missingOf(kept).length > 0)
          .flatMap(({ installations }) => installations.map(({ id }) => id)),
        left: left.size,
      };
    },
  } satisfies Detecting;
}

/** Compares what a project has installed with its base head, once for all environments that share the code. */
async function lookAt(dependencies: Dependencies, project: Project): Promise<LookedAt[]> {
  const { database, codeHosts } = dependencies;
  // Read just before the base: what is removed by then is not active.
  const active = await listCompared(database, project.id);
  const host = codeHosts[project.codeHost];
  const base = await host.readBase(project.repository);
  const codes = Map.groupBy(active, ({ installation: { connector, alias } }) => codeName(connector, alias));
  // Read once, and only when the base moved since.
  let snapshot: Promise<Snapshot> | undefined;
  const looks: LookedAt[] = [];
  for (const sharers of codes.values()) {
    const installations = sharers.map(({ installation }) => installation);
    const [{ connector, alias }] = installations as [Installation];
    let kept = findKept(sharers, base.commit);
    if (kept === undefined) {
      snapshot ??= host.readSnapshot(project.repository, base.commit);
      kept = compareDrift(sharers, base.commit, checkInstalled(await snapshot, project.appDir, connector, alias));
    }
    await saveDrift(database, installations, kept);
    looks.push({ connector, alias, installations, kept });
  }
  // After all is kept: what a host does not let us tell is read in the API.
  for (const look of looks) await reportDrift(dependencies, project, base, look);
  return looks;
}

/** The same failure, with the project that it happened in. */
function inProject(error: unknown, { id, name }: Project): unknown {
  if (!(error instanceof GraftError)) return error;
  return new GraftError(error.code, `${name} (${id}): ${error.message}`, { cause: error, details: error.details });
}
