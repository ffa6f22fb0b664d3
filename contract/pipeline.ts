import type { PackageManager } from './closed-sets.ts';
import type { ServerCheck } from './connector.ts';

export const pipelineSteps = ['dependencies', 'types', 'lint', 'build', 'versions', 'server'] as const;
export type PipelineStep = (typeof pipelineSteps)[number];

export type Verdict = 'passed' | 'failed' | 'inconclusive' | 'skipped';

export interface StepReport {
  step: PipelineStep;
  verdict: Verdict;
  /** What the same step says of the untouched base, where it was run there: only where the change's own did not pass. */
  baseline?: 'passed' | 'failed';
  /** One line for a person: what was run and what came of it. */
  summary: string;
  seconds: number;
  /** SHA-256 of the log in the artifact store, empty when nothing was run. */
  log: string;
}

/** Everything the build worker gets: ids, hashes of artifacts, and what to run. No values, no code host, no database. */
export interface PipelineInput {
  project: string;
  installation: string;
  /** Registered `trusted`: may run where there is no sandbox. */
  trusted: boolean;
  appDir: string;
  packageManager: PackageManager;
  lockFile: string;
  /** Artifact: a tar of every file of the base commit. */
  baseArchive: string;
  /** Artifact: the plan as JSON. */
  plan: string;
  changesLock: boolean;
  /** Names that get a fixed placeholder value while the app is built. */
  publicKeys: readonly string[];
  serverChecks: readonly ServerCheck[];
  /** Connectors whose simulator the server checks need, with the hosts each stands in for. */
  simulators: readonly { connector: string; hosts: readonly string[] }[];
  /** A head that people pushed is validated as it is, lock file included: this archive replaces base plus plan. */
  headArchive: string | undefined;
}

export interface PipelineReport {
  steps: readonly StepReport[];
  /** From start to end; steps run side by side. */
  seconds: number;
  /** Artifact: the lock file that the package manager wrote, when it was asked to. */
  lock: string | undefined;
  /** Does the package manager write the base's bytes again on the way back? */
  lockRoundTrip: boolean | undefined;
  /** The untouched base cannot be installed either, so nothing could be validated. */
  baseBroken: boolean;
  /**
   * The app's own native fingerprint, iOS and Android together, before and after: differs where a new native build is needed.
   * undefined where the app's tools cannot tell.
   */
  nativeBuild: { before: string; after: string } | undefined;
  sandbox: 'bubblewrap' | 'unshare' | 'none';
}

export interface PipelineProgress {
  step: PipelineStep;
  seconds: number;
  done: readonly StepReport[];
}
