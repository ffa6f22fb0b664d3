import type { CodeChange, CodeHostKind, Reason, Status, Step } from './closed-sets.ts';
import type { CodeHostIdentity } from './code-host.ts';
import type { ConnectionReport } from './connector.ts';
import type { PersonsRequest } from './code-host.ts';
import type { PipelineInput, PipelineReport } from './pipeline.ts';
import type { ProjectFacts } from './codegen.ts';
import type { InspectInput, Outcome, PlanRequest } from './workflows.ts';

/** An operation on an installation that changes code. */
export interface CodeOperation {
  installation: string;
  operation: CodeChange;
}

export interface ProjectInspection {
  facts: ProjectFacts;
  baseBranch: string;
  baseCommit: string;
}

/** A plan in the artifact store. */
export interface PlannedArtifact {
  artifact: string;
  planHash: string;
  baseCommit: string;
}

export interface GeneratedPlan extends PlannedArtifact {
  /** Nothing changes in the code: the pipeline and the pull request are skipped. */
  nothing: boolean;
  /** Edits that only people can make. */
  manual: number;
  pipeline: PipelineInput;
}

export interface OpenedPullRequest {
  number: number;
  /** The commit on its branch that was validated; empty when people have pushed others since. */
  head: string;
  draft: boolean;
}

export interface ReadPullRequest {
  state: 'open' | 'merged' | 'closed';
  head: string;
  /** Head of the branch that it goes into. */
  base: string;
  /** Must that base be merged into the branch, because it conflicts or because files that we share changed in it? */
  behind: boolean;
  /** Edits still missing in the head's tree, one sentence each. */
  manual: readonly string[];
  /** What people asked for at the pull request and was not answered yet, the oldest first. */
  requests: readonly PersonsRequest[];
}

/** What to do with a published name that existed before. */
export type ValuesChoice = 'overwrite' | 'keep';

/** What one look for drift found. */
export interface DriftFound {
  /** How many active installations were looked at. */
  compared: number;
  /** Ids of those of which something is missing. */
  drifted: readonly string[];
  /** Projects left for the next run, because their code host lets us ask no more for now. */
  left: number;
}

/** What one reconciliation did. */
export interface Reconciled {
  /** Ids of the workflows that were started, or started again. */
  started: readonly string[];
  /** Branches of ours that no operation uses any more, as `repository:branch`. */
  branches: readonly string[];
  /** How many were over and are deleted. */
  submissions: number;
  idempotencyKeys: number;
  artifacts: number;
  deliveries: number;
}

/** Everything that touches the world besides builds: database, vault, code host, providers. One object in, one out. */
export interface ControlActivities {
  describeCodeHost(input: { codeHost: CodeHostKind }): Promise<CodeHostIdentity>;
  inspectProject(input: InspectInput): Promise<ProjectInspection>;
  planInstallation(input: PlanRequest): Promise<PlannedArtifact>;
  testSubmission(input: {
    request: string;
    submission: string;
    connector: string;
    environment: string;
  }): Promise<ConnectionReport>;
  testInstallation(input: { installation: string }): Promise<ConnectionReport>;

  validate(input: { installation: string; values?: ValuesChoice }): Promise<void>;
  /** Without a submission, what is kept is tested. */
  testCredentials(input: { installation: string; submission: string }): Promise<ConnectionReport>;
  encrypt(input: { installation: string; submission: string }): Promise<{ version: string }>;
  destroyVersion(input: { installation: string }): Promise<void>;
  generate(input: CodeOperation): Promise<GeneratedPlan>;
  /** `subject`: the plan hash that was validated, or the commit of a pushed head. */
  recordPipeline(input: CodeOperation & { subject: string; report: PipelineReport }): Promise<void>;
  openPullRequest(input: CodeOperation & { plan: PlannedArtifact; report: PipelineReport }): Promise<OpenedPullRequest>;
  /**
   * Plans the merge of the base as it stands now into the branch: our edits are taken out of the head, the rest is merged,
   * and our edits are planned again; undefined when the pull request was merged meanwhile. Throws `branch_conflict`, with
   * the files that people must merge.
   */
  generateMerge(input: CodeOperation & { head: string }): Promise<GeneratedPlan | undefined>;
  /** Commits what `generateMerge` planned and the pipeline validated, and writes the pull request's text again. */
  synchronizeBranch(
    input: CodeOperation & { head: string; plan: PlannedArtifact; report: PipelineReport },
  ): Promise<OpenedPullRequest>;
  /** Says at the pull request what becomes of a person's request there. */
  answerRequest(input: CodeOperation & { request: string; text: string }): Promise<void>;
  /** The pipeline's input for a head that people pushed, after step 4's checks on it. */
  checkHead(input: CodeOperation & { head: string }): Promise<GeneratedPlan>;
  updatePullRequest(input: CodeOperation & { head: string; report: PipelineReport }): Promise<OpenedPullRequest>;
  readPullRequest(input: CodeOperation): Promise<ReadPullRequest>;
  closePullRequest(input: CodeOperation & { why: string }): Promise<{ merged: boolean }>;
  activate(input: { installation: string; values?: ValuesChoice; adopt?: boolean }): Promise<void>;
  /**
   * The end of an update, once its change is in the base: post-conditions at the merged head, values of every environment
   * that uses the code, a health check; then the new options hold for all of them.
   */
  applyUpdate(input: { installation: string; values?: ValuesChoice; adopt?: boolean }): Promise<void>;
  unpublishValues(input: { installation: string }): Promise<void>;
  /** The end of an undo, a removal or a disconnect: status, submission and claim, in one transaction. */
  deactivate(input: { installation: string; status: Status; because?: string }): Promise<void>;
  /** An update or a removal that did not happen: back to the status before it, what was staged destroyed, the claim released. */
  restore(input: { installation: string; because: string }): Promise<{ status: Status }>;
  /** Written when the workflow starts to wait for people, enters a step that has no control activity, or goes on. */
  recordWait(input: {
    installation: string;
    status: Status;
    step: Step;
    event: 'started' | 'waiting' | 'answered' | 'undone';
    reason?: Reason;
    message?: string;
    /** With the start of an undo: how the operation will have ended. */
    outcome?: Outcome;
  }): Promise<void>;

  /**
   * Compares active installations with the base heads of their projects and reports what is missing, as each project has
   * it; those that were looked at longest ago come first. Throws the first failure after all is tried.
   */
  detectDrift(): Promise<DriftFound>;
  /** Says at a pull request that people opened again how to resume the operation that it belonged to, when that has ended. */
  answerReopened(input: CodeOperation & { number: number }): Promise<void>;

  /** Starts the workflows of claims that have none, and deletes what is over; throws the first failure after all is tried. */
  reconcile(): Promise<Reconciled>;
}

/** What runs project code; knows no database, no vault, no code host. */
export interface BuildActivities {
  runPipeline(input: PipelineInput): Promise<PipelineReport>;
}
