import type { CodeChange } from '../contract/closed-sets.ts';
import type { CodeOperation, ControlActivities } from '../contract/activities.ts';
import type { EventData } from '../contract/events.ts';
import type { PipelineReport, StepReport } from '../contract/pipeline.ts';
import { acceptLock } from '../codegen/accept-lock.ts';
import { applyPlan } from '../codegen/apply.ts';
import { readProject } from '../codegen/read-project.ts';
import { readManifests } from '../codegen/touched.ts';
import { GraftError } from '../contract/errors.ts';
import { getInstallationWithProject } from '../db/queries/installations.ts';
import { savePipelineSteps } from '../db/queries/pipeline-steps.ts';
import { getPlan } from '../db/queries/plans.ts';
import { recordProgress } from '../db/queries/progress.ts';
import { findPullRequest } from '../db/queries/pull-requests.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';
import type { ControlDependencies } from './dependencies.ts';
import { planFromBytes } from './make-plan.ts';
import { readPlanBase } from './plan-base.ts';
import { reportChecks } from './report-checks.ts';
import { statusDuring } from './recorded-step.ts';

type Recording = Pick<ControlActivities, 'recordPipeline'>;

/** The end of step 5: keeps the verdicts, judges the lock file that came back, and throws for what people must mend. */
export function createRecordPipeline(dependencies: ControlDependencies): Recording {
  const { database } = dependencies;

  return {
    async recordPipeline({ installation: id, operation, report, subject }) {
      const { installation, project } = await getInstallationWithProject(database, id);
      const at = { installation: id, step: 'pipeline', status: statusDuring(operation, installation.status) } as const;
      await savePipelineSteps(database, { installation: id, operation, subject }, report.steps);
      const checks = await reportOnHead(dependencies, { installation, project, operation, subject }, report);
      refuseFailed(report);
      await acceptReturnedLock(dependencies, project, { installation: id, operation }, report);
      await recordProgress(database, {
        ...at,
        event: 'done',
        data: {
          seconds: report.seconds,
          facts: Object.fromEntries([
            ...report.steps.map(({ step, verdict }) => [step, verdict]),
            ['sandbox', report.sandbox],
            ...Object.entries(checks),
          ]),
        },
      });
    },
  } satisfies Recording;
}

/** A plan has no commit to show checks at before its pull request is open. */
async function reportOnHead(
  dependencies: ControlDependencies,
  of: { installation: Installation; project: Project; operation: CodeChange; subject: string },
  report: PipelineReport,
): Promise<NonNullable<EventData['facts']>> {
  const { installation, project, operation, subject } = of;
  const known = await findPullRequest(dependencies.database, { installation: installation.id, operation });
  const stored = await getPlan(dependencies.database, { installation: installation.id, operation });
  if (known === undefined || subject === stored.planHash) return {};
  return reportChecks(dependencies, { installation, project, number: known.number, commit: subject }, report);
}

function refuseFailed({ steps, baseBroken }: PipelineReport): void {
  if (baseBroken)
    throw new GraftError(
      'base_broken',
      `${told(steps.filter(({ step }) => step === 'dependencies'))}. Mend the app on its base branch, then retry.`,
    );
  const failed = steps.filter(({ verdict }) => verdict === 'failed');
  if (failed.length > 0) throw new GraftError('validation_failed', told(failed));
}

function told(steps: readonly StepReport[]): string {
  return steps.map(({ step, summary }) => `${step}: ${summary}`).join('; ');
}

async function acceptReturnedLock(
  { database, codeHosts, artifacts, registryHosts }: ControlDependencies,
  project: Project,
  of: CodeOperation,
  report: PipelineReport,
): Promise<void> {
  if (report.lock === undefined) return;
  const stored = await getPlan(database, of);
  const planned = planFromBytes(await artifacts.get(project.id, stored.artifact));
  const host = codeHosts[project.codeHost];
  // Packages that people brought with the branch are no more in the base's lock file than ours.
  const base = await host.readSnapshot(project.repository, planned.baseCommit);
  const result = applyPlan(await readPlanBase(host, project.repository, planned), planned.plan);
  const { packageManager, lockFile } = readProject(base, project.appDir);
  const baseLock = base.get(lockFile);
  if (baseLock === undefined) throw new GraftError('lock_rejected', `The base has no ${lockFile || 'lock file'}.`);
  acceptLock({
    manager: packageManager,
    base: baseLock.bytes,
    result: await artifacts.get(project.id, report.lock),
    manifests: { base: readManifests(base, lockFile), result: readManifests(result, lockFile) },
    hosts: registryHosts,
  });
}
