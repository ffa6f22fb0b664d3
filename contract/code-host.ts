import type { FileMode, Snapshot } from './codegen.ts';

/** A repository on a code host: for `local` the name of a bare repository under one root. */
export type RepositoryName = string;

export interface BaseHead {
  branch: string;
  commit: string;
  /** Git tree id of that commit. */
  tree: string;
}

export interface FileChange {
  path: string;
  mode: FileMode;
  /** null deletes the file. */
  bytes: Uint8Array | null;
}

export interface CommitInput {
  repository: RepositoryName;
  branch: string;
  parent: string;
  /** Where the branch must stand for the commit to happen; null when it must not exist yet. */
  expectedHead: string | null;
  changes: readonly FileChange[];
  message: string;
}

export interface PullRequestText {
  title: string;
  body: string;
  draft: boolean;
}

export interface PullRequest extends PullRequestText {
  number: number;
  state: 'open' | 'merged' | 'closed';
  branch: string;
  /** Commit at the head of the branch; what was merged, once merged. */
  head: string;
  base: BaseHead;
  /** Does the head merge cleanly into the base as both stand now? */
  mergeable: boolean;
  /** Is every commit on the branch ours, so that it may be deleted? */
  ours: boolean;
  /** Where a person looks at it. */
  url: string;
}

/** What Graft needs of a place that keeps repositories and pull requests. Every write looks first for its own effect. */
export interface CodeHost {
  /** Full names of the branches below a folder of branches such as `graft`. */
  listBranches(repository: RepositoryName, folder: string): Promise<readonly string[]>;
  readBase(repository: RepositoryName): Promise<BaseHead>;
  readSnapshot(repository: RepositoryName, commit: string): Promise<Snapshot>;
  readTree(repository: RepositoryName, commit: string): Promise<string>;
  /** One commit, or the same one again after a retry; a lost race is `code_host_refused`. Gives the commit and its tree. */
  commit(input: CommitInput): Promise<{ commit: string; tree: string }>;
  openPullRequest(repository: RepositoryName, branch: string, text: PullRequestText): Promise<PullRequest>;
  updatePullRequest(repository: RepositoryName, number: number, text: PullRequestText): Promise<void>;
  readPullRequest(repository: RepositoryName, number: number): Promise<PullRequest>;
  findPullRequest(repository: RepositoryName, branch: string): Promise<PullRequest | undefined>;
  /** Closes an open one with a comment; says what is true now. */
  closePullRequest(repository: RepositoryName, number: number, comment: string): Promise<PullRequest>;
  /** Content when it is absent; `code_host_refused` when commits that are neither ours nor in the base would be lost. */
  deleteBranch(repository: RepositoryName, branch: string): Promise<void>;
}

/** Where an app finds its values: one file, or one set of names, per project and environment. */
export interface ValuePublisher {
  list(project: string, environment: string): Promise<readonly string[]>;
  publish(project: string, environment: string, values: Readonly<Record<string, string>>): Promise<void>;
  unpublish(project: string, environment: string, names: readonly string[]): Promise<void>;
}
