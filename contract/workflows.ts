import type { Answer, CodeHostKind, Environment, Reason, Status, Step } from './closed-sets.ts';
import type { ConnectionReport } from './connector.ts';
import type { CodeOperation, DriftFound, PlannedArtifact, ProjectInspection, Reconciled } from './activities.ts';
import type { CodeHostIdentity } from './code-host.ts';

export const taskQueues = { control: 'graft-control', build: 'graft-build' } as const;

/** Search attributes, all keywords: what an operator filters by in the Temporal UI. */
export const searchAttributes = {
  project: 'GraftProject',
  connector: 'GraftConnector',
  environment: 'GraftEnvironment',
  status: 'GraftStatus',
  step: 'GraftStep',
  needsAttention: 'GraftNeedsAttention',
} as const;

/** Days from POST to merge; an answer leaves at least `extendedByAnswer`. */
export const deadlineDays = { merge: 14, extendedByAnswer: 3 } as const;

/** What identifies an operation to workflows and to whoever looks at them; all of it may be seen by operators. */
export interface OperationInput {
  installation: string;
  project: string;
  connector: string;
  environment: Environment;
  /** Milliseconds since the epoch; set when a lost workflow is started again, else counted from the start. */
  deadline?: number;
}

/** How an operation ended before its merge. */
export type Outcome = 'failed' | 'declined' | 'expired' | 'aborted';

export interface InstallInput extends OperationInput {
  /** Empty when none is kept any more: then people are asked for another. */
  submission: string;
  /** The installation was disconnected: its code is in the app, and without success it is disconnected again. */
  reconnect: boolean;
  /** Set when the workflow continues as new while it waits for the merge. */
  review?: ReviewState;
  /** Set when the workflow was lost while it undid the installation: it goes on undoing. */
  undo?: { outcome: Outcome; because: string };
}

export interface UpdateInput extends OperationInput {
  /** Credentials that people sent in answer to a question of this update; empty when they sent none. */
  submission: string;
  /** Set when the workflow continues as new while it waits for the merge. */
  review?: ReviewState;
  /** Set when the workflow was lost while it took the update back: it goes on with that. */
  undo?: { outcome: Outcome; because: string };
}

export interface UninstallInput extends OperationInput {
  kind: 'remove' | 'disconnect';
  review?: ReviewState;
  /** Set when the workflow was lost while it took the removal back: it goes on with that. */
  undo?: { outcome: Outcome; because: string };
}

/** A head, or its merge with a base, that people have to do something about. */
export interface FailedHead {
  head: string;
  base: string;
  matter: { reason: Reason; message: string };
}

/** What the wait for a merge carries over when a workflow continues as new. */
export interface ReviewState {
  /** Head of the branch that was validated last. */
  head: string;
  /** Milliseconds since the epoch. */
  deadline: number;
  /** The head as it is, and its merge with the base as it is, when people have to do something about them. */
  failed?: FailedHead | undefined;
  unmerged?: FailedHead | undefined;
  /** A plan on the newest base was asked for and is not in the branch yet. */
  regenerating?: boolean;
  /** Who was told that only people who may write are obeyed. */
  told?: readonly string[];
  /** Answers that later activities are told. */
  choices?: { values?: 'overwrite' | 'keep'; adopt?: boolean };
}

export interface InspectInput {
  codeHost: CodeHostKind;
  repository: string;
  appDir: string;
}

export interface PlanRequest {
  project: string;
  connector: string;
  alias: string;
  options: Record<string, unknown>;
  remove: boolean;
}

/** Tests a submission before any installation, or what is installed. */
export type TestInput =
  | { kind: 'submission'; request: string; submission: string; connector: string; environment: Environment }
  | { kind: 'installation'; request: string; installation: string };

export interface PersonsAnswer {
  answer: Answer;
  /** The new submission, with `replaceCredentials`. */
  submission?: string;
}

/** What `progress` answers: where an operation is and why. */
export interface Progress {
  status: Status;
  step: Step;
  needsAttention: Reason | undefined;
}

export interface Workflows {
  installConnector(input: InstallInput): Promise<{ status: Status }>;
  updateConnector(input: UpdateInput): Promise<{ status: Status }>;
  uninstallConnector(input: UninstallInput): Promise<{ status: Status }>;
  describeCodeHost(input: { codeHost: CodeHostKind }): Promise<CodeHostIdentity>;
  inspectProject(input: InspectInput): Promise<ProjectInspection>;
  planInstallation(input: PlanRequest): Promise<PlannedArtifact>;
  testConnection(input: TestInput): Promise<ConnectionReport>;
  answerReopened(input: CodeOperation & { number: number }): Promise<void>;
  reconcileInstallations(): Promise<Reconciled>;
  detectDrift(): Promise<DriftFound>;
}
export type WorkflowName = keyof Workflows;

/** Ids of the schedules; the workflows that they start have the same with a time behind it. */
export const scheduleIds = { reconcile: 'reconcile', drift: 'drift' } as const;

/** Names of messages; their types are at the handlers' definitions in `workflows/messages.ts`. */
export const messages = {
  answer: 'answer',
  repositoryChanged: 'repositoryChanged',
  progress: 'progress',
} as const;
