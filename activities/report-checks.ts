import { Context } from '@temporalio/activity';
import type { CommitCheck } from '../contract/code-host.ts';
import { GraftError, isTransient } from '../contract/errors.ts';
import type { EventData } from '../contract/events.ts';
import { type PipelineReport, pipelineSteps } from '../contract/pipeline.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';
import { scrub } from '../vault/scrub.ts';
import type { ControlDependencies } from './dependencies.ts';
import { stepNames } from './pull-request-evidence.ts';
import { readSecrets } from './refuse-secrets.ts';

/** A commit of a pull request, and whose it is. */
interface CheckedCommit {
  installation: Installation;
  project: Project;
  number: number;
  commit: string;
}

/** After so many tries of an activity, checks that a host does not take stop nothing any more. */
const triesForChecks = 3;

/**
 * Shows at the code host what a pipeline says of a commit, a check for each step with its log, without a secret in any; or
 * that the pipeline is about to run, or does not and why. Gives facts for the step's event: empty, or why the host shows no checks.
 */
export async function reportChecks(
  dependencies: ControlDependencies,
  of: CheckedCommit,
  report: PipelineReport | 'running' | { notRun: string },
): Promise<NonNullable<EventData['facts']>> {
  const { project, number, commit } = of;
  const checks = await checksOf(dependencies, of, report);
  try {
    await dependencies.codeHosts[project.codeHost].reportChecks(project.repository, number, commit, checks);
    return {};
  } catch (error) {
    if (!(error instanceof GraftError) || !isOnlyAboutChecks(error)) throw error;
    return { checks: `not shown: ${error.message}` };
  }
}

function isOnlyAboutChecks({ code }: GraftError): boolean {
  return code === 'code_host_refused' || (isTransient(code) && Context.current().info.attempt >= triesForChecks);
}

async function checksOf(
  dependencies: ControlDependencies,
  { installation, project }: CheckedCommit,
  report: PipelineReport | 'running' | { notRun: string },
): Promise<CommitCheck[]> {
  const all = (said: Pick<CommitCheck, 'verdict' | 'summary'>) =>
    pipelineSteps.map((id) => ({ id, name: stepNames[id], ...said, log: '' }));
  if (report === 'running') return all({ verdict: 'running', summary: 'validating' });
  if ('notRun' in report) return all({ verdict: 'not_run', summary: `not run: ${report.notRun}` });
  const secrets = await readSecrets(dependencies, installation, 'search the logs of a validation for secrets');
  const textOf = async (log: string) =>
    log === '' ? '' : Buffer.from(await dependencies.artifacts.get(project.id, log)).toString('utf8');
  return Promise.all(
    report.steps.map(async ({ step, verdict, summary, log }) => ({
      id: step,
      name: stepNames[step],
      verdict,
      summary: scrub(summary, secrets),
      log: scrub(await textOf(log), secrets),
    })),
  );
}
