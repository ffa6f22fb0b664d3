import type { CodeChange } from '../contract/closed-sets.ts';
import type { ControlActivities, GeneratedPlan } from '../contract/activities.ts';
import { GraftError } from '../contract/errors.ts';
import { readProject } from '../codegen/read-project.ts';
import type { Executor } from '../db/connect.ts';
import { findCodeSharers, getInstallationWithProject } from '../db/queries/installations.ts';
import { findClaim } from '../db/queries/operations.ts';
import { getPlan, savePlan } from '../db/queries/plans.ts';
import { findPullRequest } from '../db/queries/pull-requests.ts';
import type { Installation } from '../db/schema/installations.ts';
import { packSnapshot } from '../pipeline/archive.ts';
import { checkHeadTree } from './check-head-tree.ts';
import { getAsked } from './get-asked.ts';
import type { ControlDependencies } from './dependencies.ts';
import { markUnvalidated } from './mark-unvalidated.ts';
import { changesNothing, makePlan, planBytes, planFromBytes } from './make-plan.ts';
import { pipelineInput } from './pipeline-input.ts';
import { readBundled } from './read-bundled.ts';
import { readDiscovered } from './read-discovered.ts';
import { readOriginals } from './read-originals.ts';
import { mergedFiles, readPlanBase } from './plan-base.ts';
import { recordedStep, statusDuring } from './recorded-step.ts';
import { restoreRecord } from './restore-record.ts';
import { reportChecks } from './report-checks.ts';

type Generating = Pick<ControlActivities, 'generate' | 'checkHead'>;

/** Step 4: plans at the current base, runs the pure checks and keeps plan and base as artifacts; or checks a pushed head. */
export function createGenerate(dependencies: ControlDependencies): Generating {
  const { database, codeHosts, artifacts } = dependencies;

  return {
    async generate({ installation: id, operation }) {
      const { installation, project } = await getAsked(database, id);
      const at = { installation: id, step: 'generate', status: statusDuring(operation, installation.status) } as const;
      return recordedStep(database, at, async () => {
        const host = codeHosts[project.codeHost];
        const base = await host.readBase(project.repository);
        const baseSnapshot = await host.readSnapshot(project.repository, base.commit);
        const snapshot =
          operation === 'update'
            ? await restoreRecord({ database, host, project }, installation, baseSnapshot)
            : baseSnapshot;
        const { appDir } = project;
        const remove = operation === 'remove';
        const discoveredFor = await readDiscovered(dependencies, { operation, installation, appDir });
        const asked = {
          ...installation,
          appDir,
          remove,
          bundled: await readBundled(dependencies, { ...installation, remove }, appDir, [snapshot]),
          originals: await readOriginals({ host, project }, installation, [snapshot]),
        };
        const discovered = discoveredFor(snapshot);
        const made = makePlan(snapshot, base.commit, { ...asked, discovered });
        const planned = snapshot === baseSnapshot ? made : { ...made, merged: mergedFiles(baseSnapshot, snapshot) };
        const artifact = await artifacts.put(project.id, planBytes(planned));
        const stored = { artifact, planHash: planned.plan.planHash, baseCommit: base.commit };
        const keepPlan = (executor: Executor) =>
          savePlan(executor, { installation: id, operation }, stored, planned.plan.nextSteps);
        // A dry run has no credentials, so what was agreed to may be the plan without what the provider told.
        const isAgreed = (agreed: string) =>
          agreed === stored.planHash ||
          (discovered !== undefined && agreed === makePlan(snapshot, base.commit, asked).plan.planHash);
        if (planned.plan.status !== 'nothing' && (await isNotAgreedTo(installation, operation, isAgreed))) {
          // Kept without being done: it is what the person who decides has to read.
          await keepPlan(database);
          throw new GraftError(
            'project_changed',
            'The app changed since the plan that was agreed to: read the new plan under GET …/plan. To go on with it, abort this installation and post again with its planHash.',
            { details: { agreed: installation.requestedPlanHash, now: stored.planHash } },
          );
        }

        const shared = operation === 'remove' && (await findCodeSharers(database, installation)).length > 0;
        const nothing = changesNothing(planned) || shared;
        const result: GeneratedPlan = {
          ...stored,
          nothing,
          manual: planned.plan.manual.length,
          pipeline: await pipelineInput(dependencies, { installation, project, snapshot, planned, artifact }),
        };
        return {
          result,
          facts: { planHash: stored.planHash, files: planned.plan.files.length, manual: result.manual },
          write: keepPlan,
        };
      });
    },

    async checkHead({ installation: id, operation, head }) {
      const { installation, project } = await getInstallationWithProject(database, id);
      const at = { installation: id, step: 'generate', status: statusDuring(operation, installation.status) } as const;
      return recordedStep(database, at, async () => {
        const host = codeHosts[project.codeHost];
        const stored = await getPlan(database, { installation: id, operation });
        await markUnvalidated(dependencies, { installation: id, operation }, project, head);
        const before = planFromBytes(await artifacts.get(project.id, stored.artifact));
        const baseSnapshot = await readPlanBase(host, project.repository, before);
        const headSnapshot = await host.readSnapshot(project.repository, head);
        checkHeadTree(headSnapshot, project.appDir, installation, operation, before.plan);
        const known = await findPullRequest(database, { installation: id, operation });
        const checked = known && { installation, project, number: known.number, commit: head };
        const checks = checked === undefined ? {} : await reportChecks(dependencies, checked, 'running');

        const planned = { ...before, facts: readProject(baseSnapshot, project.appDir) };
        const input = await pipelineInput(dependencies, {
          installation,
          project,
          snapshot: baseSnapshot,
          planned,
          artifact: stored.artifact,
        });
        const headArchive = await artifacts.put(project.id, await packSnapshot(headSnapshot));
        const result: GeneratedPlan = {
          artifact: stored.artifact,
          planHash: stored.planHash,
          baseCommit: stored.baseCommit,
          nothing: false,
          manual: before.plan.manual.length,
          pipeline: { ...input, headArchive },
        };
        return { result, facts: { head, ...checks } };
      });
    },
  } satisfies Generating;

  // Agreed to was the first install: what came after it, or stands in its pull request already, is another matter.
  async function isNotAgreedTo(
    { id, requestedPlanHash: agreed }: Installation,
    operation: CodeChange,
    isAgreed: (planHash: string) => boolean,
  ): Promise<boolean> {
    if (agreed === null || isAgreed(agreed) || (await findClaim(database, id))?.operation !== 'install') return false;
    return (await findPullRequest(database, { installation: id, operation })) === undefined;
  }
}
