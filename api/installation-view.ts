import { type Answer, answersTo } from '../contract/closed-sets.ts';
import type { Database } from '../db/connect.ts';
import { listVersions } from '../db/queries/credential-versions.ts';
import { findDrift } from '../db/queries/drift.ts';
import { findClaim } from '../db/queries/operations.ts';
import { listNewestPipelineSteps } from '../db/queries/pipeline-steps.ts';
import { findNewestPlan } from '../db/queries/plans.ts';
import { listOwnNames } from '../db/queries/published-values.ts';
import { findNewestPullRequest } from '../db/queries/pull-requests.ts';
import type { Installation } from '../db/schema/installations.ts';

/** Where an installation stands, as lists show it. */
export function summaryOf(installation: Installation) {
  const { id, project, connector, environment, alias, status, step, message } = installation;
  return {
    id,
    project,
    connector,
    environment,
    alias,
    status,
    step,
    needsAttention: attentionOf(installation),
    message,
    deadline: installation.deadline.toISOString(),
    createdAt: installation.createdAt.toISOString(),
    updatedAt: installation.updatedAt.toISOString(),
  };
}

function attentionOf({ reason, attentionSince, message, step }: Installation) {
  if (reason === null) return null;
  const answers: Answer[] = [...answersTo[reason]];
  // Activation comes after the merge, where nothing can be aborted any more.
  if (step !== 'activate') answers.push('abort');
  return { reason, since: attentionSince?.toISOString() ?? null, message, answers };
}

/** Everything that is known of one installation, and no value of its credentials. */
export async function detailsOf(database: Database, installation: Installation) {
  const { id, options, nextSteps } = installation;
  const [claim, plan, pullRequest, pipeline, versions, published, drift] = await Promise.all([
    findClaim(database, id),
    findNewestPlan(database, id),
    findNewestPullRequest(database, id),
    listNewestPipelineSteps(database, id),
    listVersions(database, id),
    listOwnNames(database, id),
    findDrift(database, id),
  ]);
  const [version] = versions;
  return {
    ...summaryOf(installation),
    options,
    operation:
      claim === undefined
        ? null
        : {
            operation: claim.operation,
            workflowId: claim.workflowId,
            ...(claim.options === null ? {} : { options: claim.options }),
          },
    plan:
      plan === undefined ? null : { operation: plan.operation, planHash: plan.planHash, baseCommit: plan.baseCommit },
    pullRequest:
      pullRequest === undefined
        ? null
        : {
            operation: pullRequest.operation,
            number: pullRequest.number,
            url: pullRequest.url,
            draft: pullRequest.draft,
            head: pullRequest.head,
            state: pullRequest.state,
          },
    pipeline: pipeline.map(({ step, verdict, summary, seconds }) => ({ step, verdict, summary, seconds })),
    credentials: version === undefined ? null : { version: version.number, state: version.state },
    publishedNames: published.map(({ name }) => name),
    drift:
      drift === undefined
        ? null
        : {
            baseCommit: drift.baseCommit,
            checkedAt: drift.checkedAt.toISOString(),
            findings: drift.findings,
            issueUrl: drift.issueUrl,
          },
    nextSteps: nextSteps ?? [],
  };
}
