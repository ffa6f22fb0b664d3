import type { PipelineInput } from '../contract/pipeline.ts';
import type { Snapshot } from '../contract/codegen.ts';
import { generatedPath } from '../codegen/strip-types.ts';
import { connectors } from '../connectors/index.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';
import { packSnapshot } from '../pipeline/archive.ts';
import type { ControlDependencies } from './dependencies.ts';
import type { Planned } from './make-plan.ts';

/** What the build worker gets for a plan on this tree. */
export async function pipelineInput(
  { artifacts }: ControlDependencies,
  of: { installation: Installation; project: Project; snapshot: Snapshot; planned: Planned; artifact: string },
): Promise<PipelineInput> {
  const { installation, project, snapshot, planned, artifact } = of;
  const { facts, plan, contribution } = planned;
  const serverChecks = (contribution?.serverChecks ?? []).map((check) => ({
    ...check,
    module: generatedPath(check.module, facts.language),
  }));
  return {
    project: project.id,
    installation: installation.id,
    trusted: project.trusted,
    appDir: project.appDir,
    packageManager: facts.packageManager,
    lockFile: facts.lockFile,
    baseArchive: await artifacts.put(project.id, await packSnapshot(snapshot)),
    plan: artifact,
    changesLock: plan.changesLock,
    publicKeys: (contribution?.environmentKeys ?? []).filter(({ secret }) => !secret).map(({ key }) => key),
    serverChecks,
    simulators: serverChecks.length === 0 ? [] : [simulatorOf(installation.connector)],
    headArchive: undefined,
  };
}

function simulatorOf(connector: string): PipelineInput['simulators'][number] {
  return { connector, hosts: connectors.get(connector)?.manifest.hosts ?? [] };
}
