import type { Reason, Status, Step } from './closed-sets.ts';
import type { PipelineProgress } from './pipeline.ts';
import type { Outcome } from './workflows.ts';

export const eventKinds = ['started', 'done', 'waiting', 'answered', 'undone', 'failed'] as const;
export type EventKind = (typeof eventKinds)[number];

/** One row of an installation's progress; `id` is the database's bigint as a string. */
export interface InstallationEvent {
  id: string;
  at: string;
  step: Step;
  event: EventKind;
  status: Status;
  data: EventData;
}

export interface EventData {
  reason?: Reason;
  message?: string;
  /** With the start of an undo: how the operation will have ended. */
  outcome?: Outcome;
  seconds?: number;
  /** Facts worth a line: an account, a plan hash, a pull request's number. */
  facts?: Readonly<Record<string, string | number | boolean>>;
}

/** Sent on the progress stream without an id while the pipeline runs. */
export interface PipelineHeartbeat {
  step: 'pipeline';
  progress: PipelineProgress;
}
