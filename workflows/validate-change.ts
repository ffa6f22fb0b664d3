import type { CodeChange } from '../contract/closed-sets.ts';
import type { GeneratedPlan } from '../contract/activities.ts';
import type { PipelineReport } from '../contract/pipeline.ts';
import type { Operation } from './operation.ts';
import { build, forward } from './policies.ts';

export interface ValidatedChange {
  plan: GeneratedPlan;
  report: PipelineReport;
}

/** Steps 4 and 5: plans at the current base and runs the pipeline; undefined when nothing changes in the code. */
export async function validateChange(operation: Operation, kind: CodeChange): Promise<ValidatedChange | undefined> {
  const { installation, connector } = operation.input;
  operation.enter('generate');
  const plan = await forward.generate.executeWithOptions({ summary: `plan ${kind} of ${connector}` }, [
    { installation, operation: kind },
  ]);
  if (plan.nothing) return undefined;
  return { plan, report: await runPipeline(operation, kind, plan, plan.planHash) };
}

/** Steps 4 and 5 for a merge of the base into the branch; undefined when the pull request was merged meanwhile. */
export async function validateMerge(
  operation: Operation,
  kind: CodeChange,
  head: string,
): Promise<ValidatedChange | undefined> {
  const { installation, connector } = operation.input;
  operation.enter('generate');
  const plan = await forward.generateMerge.executeWithOptions(
    { summary: `plan the merge of the base for ${connector}` },
    [{ installation, operation: kind, head }],
  );
  if (plan === undefined) return undefined;
  return { plan, report: await runPipeline(operation, kind, plan, plan.planHash) };
}

/** Step 4's checks and step 5 again, for a head of the branch that people pushed. */
export async function validateHead(operation: Operation, kind: CodeChange, head: string): Promise<PipelineReport> {
  operation.enter('generate');
  const plan = await forward.checkHead({ installation: operation.input.installation, operation: kind, head });
  return runPipeline(operation, kind, plan, head);
}

async function runPipeline(
  operation: Operation,
  kind: CodeChange,
  plan: GeneratedPlan,
  subject: string,
): Promise<PipelineReport> {
  const { installation, connector } = operation.input;
  await operation.announce('pipeline');
  const report = await build.runPipeline.executeWithOptions({ summary: `validate ${kind} of ${connector}` }, [
    plan.pipeline,
  ]);
  await forward.recordPipeline({ installation, operation: kind, subject, report });
  return report;
}
