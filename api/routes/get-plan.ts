import type { Router } from 'express';
import type { ArtifactStore } from '../../artifacts/store.ts';
import { GraftError } from '../../contract/errors.ts';
import { listNewestPipelineSteps } from '../../db/queries/pipeline-steps.ts';
import { findNewestPlan } from '../../db/queries/plans.ts';
import { allow } from '../authenticate.ts';
import type { Dependencies } from '../dependencies.ts';
import { findInstallation } from '../find-target.ts';
import { readStoredPlan } from '../stored-plan.ts';

/** Of a log people need the end. */
const shownLogBytes = 64 * 1024;

/** `GET …/:installation/plan`: its newest plan with the diff, and verdicts and logs of the newest validation. */
export function getPlan(router: Router, { database, artifacts }: Dependencies): void {
  router.get('/projects/:project/connectors/:installation/plan', allow('read'), async (request, response) => {
    const { installation, project } = await findInstallation(database, request, response);
    const plan = await findNewestPlan(database, installation.id);
    if (plan === undefined)
      throw new GraftError('not_found', 'There is no plan yet; follow the progress until the step generate is done.');
    const pipeline = await listNewestPipelineSteps(database, installation.id);
    response.json({
      operation: plan.operation,
      baseCommit: plan.baseCommit,
      ...(await readStoredPlan(artifacts, project.id, plan.artifact)),
      pipeline: await Promise.all(
        pipeline.map(async ({ step, verdict, summary, seconds, log }) => ({
          step,
          verdict,
          summary,
          seconds,
          log: await readLog(artifacts, project.id, log),
        })),
      ),
    });
  });
}

/** The end of a log; null when there is none, or none any more. */
async function readLog(artifacts: ArtifactStore, project: string, log: string): Promise<string | null> {
  if (log === '') return null;
  try {
    const bytes = await artifacts.get(project, log);
    return Buffer.from(bytes).subarray(-shownLogBytes).toString();
  } catch (error) {
    if (error instanceof GraftError && error.code === 'not_found') return null;
    throw error;
  }
}
