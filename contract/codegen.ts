import type { AppFacts, Contribution, NextStep } from './connector.ts';
import type { PackageManager } from './closed-sets.ts';

export type FileMode = '100644' | '100755' | '120000';

export interface SourceFile {
  mode: FileMode;
  bytes: Uint8Array;
}

/** All files of one commit by path from the repository's root, with `/` between the parts. */
export type Snapshot = ReadonlyMap<string, SourceFile>;

/** What the base commit says about an app. */
export interface ProjectFacts extends AppFacts {
  packageManager: PackageManager;
  /** Path of the lock file from the repository's root, empty without one. */
  lockFile: string;
  /** Endings of files that are routes, where an app of Next.js sets others than the usual ones. */
  pageExtensions?: readonly string[];
}

/** A connector that a plan brings in: its identity and what it contributes to this app. */
export interface WantedConnector {
  connector: string;
  alias: string;
  version: string;
  options: Record<string, unknown>;
  contribution: Contribution;
}

export interface PlanInput {
  snapshot: Snapshot;
  /** Folder of the app in the repository, empty for its root. */
  appDir: string;
  facts: ProjectFacts;
  add: readonly WantedConnector[];
  /** Texts that were written into files which people changed since, by blob id: what an update merges their edits over. */
  originals?: ReadonlyMap<string, string>;
  remove: readonly { connector: string; alias: string }[];
}

export interface PlannedFile {
  /** From the repository's root. */
  path: string;
  change: 'add' | 'edit' | 'delete';
  mode: FileMode;
  /** Git blob ids, null where there is no file. */
  before: string | null;
  after: string | null;
  /** The whole text afterwards, null for a deletion. */
  text: string | null;
  /** Why this file changes, for the pull request. */
  reason: string;
}

/** An edit that only a person can make: where, why, and what to paste. */
export interface ManualStep {
  file: string;
  reason: string;
  snippet: string;
}

/** The edits that bring connectors into, or out of, one snapshot. Plain data, kept as an artifact. */
export interface Plan {
  status: 'planned' | 'nothing' | 'manual';
  /** SHA-256 (hex) over sorted (path, mode, blob before, blob after) of `files`, which never hold the lock. */
  planHash: string;
  files: readonly PlannedFile[];
  manual: readonly ManualStep[];
  /** The wanted packages differ from the base's, so the lock file must be written again by its package manager. */
  changesLock: boolean;
  /** What a person should know: kept because the app uses it too, there before, changed by people. */
  notes: readonly string[];
  nextSteps: readonly NextStep[];
}

/** A file in which a tree differs from a commit's; its bytes in base64, null where it has no such file. */
export interface MergedFile {
  path: string;
  mode: FileMode;
  content: string | null;
}

/** A plan as it is kept in the artifact store: the edits, and what people and the pipeline need beside them. */
export interface StoredPlan {
  baseCommit: string;
  /** What the branch has besides our edits: the plan was made on the base with these. Absent when it has nothing else. */
  merged?: readonly MergedFile[];
  plan: Plan;
  /** Unified diff of all files but the lock. */
  diff: string;
  /** null for a removal, which calls no contribution. */
  contribution: Contribution | null;
}

/** A post-condition of an installed connector that does not hold, or a text of ours that people changed. */
export interface Finding {
  kind: 'missing' | 'changed';
  file: string;
  what: string;
}
