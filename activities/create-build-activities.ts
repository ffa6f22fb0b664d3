import { Context } from '@temporalio/activity';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { BuildActivities } from '../contract/activities.ts';
import type { PipelineProgress } from '../contract/pipeline.ts';
import type { SandboxPreference } from '../pipeline/sandbox.ts';
import { runPipeline } from '../pipeline/run-pipeline.ts';

export interface BuildDependencies {
  artifacts: ArtifactStore;
  /** Folder of the workspaces and of the caches of each project. */
  workspaces: string;
  registry: string;
  registryHosts: readonly string[];
  sandbox: SandboxPreference;
  /** Connector → path of its simulator module. */
  simulators: ReadonlyMap<string, string>;
}

/** The activities of the build worker; finished steps travel in the heartbeat, so that a second try resumes. */
export function createBuildActivities(dependencies: BuildDependencies): BuildActivities {
  return {
    async runPipeline(input) {
      const context = Context.current();
      const resume = context.info.heartbeatDetails as PipelineProgress | undefined;
      return runPipeline(input, {
        ...dependencies,
        signal: context.cancellationSignal,
        progress: (progress) => context.heartbeat(progress),
        resume,
      });
    },
  };
}
