import type { ControlActivities } from '../contract/activities.ts';
import { createActivate } from './activate.ts';
import { createApplyUpdate } from './apply-update.ts';
import type { ControlDependencies } from './dependencies.ts';
import { createDetectDrift } from './detect-drift.ts';
import { createAnswerReopened } from './answer-reopened.ts';
import { createDescribeCodeHost } from './describe-code-host.ts';
import { createEncrypt } from './encrypt.ts';
import { createGenerate } from './generate.ts';
import { createInspectProject } from './inspect-project.ts';
import { createPlanInstallation } from './plan-installation.ts';
import { createPullRequest } from './pull-request.ts';
import { createReadPullRequest } from './read-pull-request.ts';
import { createReconcile } from './reconcile.ts';
import { createRecordPipeline } from './record-pipeline.ts';
import { createRecordWait } from './record-wait.ts';
import { createSynchronize } from './synchronize.ts';
import { createTestConnection } from './test-connection.ts';
import { createValidate } from './validate.ts';

/** All activities of the control worker. */
export function createControlActivities(dependencies: ControlDependencies): ControlActivities {
  return {
    ...createDescribeCodeHost(dependencies),
    ...createInspectProject(dependencies),
    ...createPlanInstallation(dependencies),
    ...createValidate(dependencies),
    ...createTestConnection(dependencies),
    ...createEncrypt(dependencies),
    ...createGenerate(dependencies),
    ...createRecordPipeline(dependencies),
    ...createPullRequest(dependencies),
    ...createReadPullRequest(dependencies),
    ...createSynchronize(dependencies),
    ...createActivate(dependencies),
    ...createApplyUpdate(dependencies),
    ...createRecordWait(dependencies),
    ...createDetectDrift(dependencies),
    ...createAnswerReopened(dependencies),
    ...createReconcile(dependencies),
  };
}
