import type { FileMode, Snapshot } from './codegen.ts';
import type { Environment } from './closed-sets.ts';
import type { Verdict } from './pipeline.ts';

/** A repository on a code host: `local` has the name of a bare repository under one root, `github` has `owner/name`. */
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
  /** Commits that it follows, the branch's own first; two make it a merge. */
  parents: readonly string[];
  /** The commit, one of the parents, to whose tree the changes are made. */
  onto: string;
  /** Where the branch must stand for the commit to happen; null when it must not exist yet. */
  expectedHead: string | null;
  changes: readonly FileChange[];
  message: string;
}

export interface PullRequestText {
  title: string;
  /** Our part of the text; what people wrote beside it is theirs. */
  body: string;
  draft: boolean;
  labels: readonly string[];
}

/** The title belongs to people from the opening on. */
export type PullRequestUpdate = Omit<PullRequestText, 'title'>;

export interface PullRequest extends PullRequestText {
  number: number;
  state: 'open' | 'merged' | 'closed';
  branch: string;
  /** Commit at the head of the branch; what was merged, once merged. */
  head: string;
  base: BaseHead;
  /** Does the head merge cleanly into the base as both stand now? undefined while the host has not found out. */
  mergeable: boolean | undefined;
  /** Is every commit on the branch ours, so that it may be deleted? */
  ours: boolean;
  /** Where a person looks at it. */
  url: string;
}

export const commands = ['retry', 'regenerate', 'abort'] as const;
export type Command = (typeof commands)[number];

/** A command that a person gave at a pull request, by a comment (`/graft retry`) or a tick box of its text. */
export interface PersonsRequest {
  /** Names it to `answerRequest`; the same at each reading. */
  id: string;
  command: Command;
  /** Who asked, as the host names people. */
  by: string;
  /** May this person write to the repository? Others are answered, not obeyed. */
  allowed: boolean;
}

/** What a validation says of a commit, one per step of the pipeline. */
export interface CommitCheck {
  /** Stable name of the step, such as `types`. */
  id: string;
  /** The step's name for people. */
  name: string;
  /** `not_run`: it was about to be validated, and nothing comes of it by itself. */
  verdict: Verdict | 'running' | 'not_run';
  /** One line. */
  summary: string;
  /** Output of the step, empty when there is none. */
  log: string;
}

/** Who Graft is at a code host: nobody of its own on disk. */
export type CodeHostIdentity =
  | { kind: 'none' }
  | { kind: 'token'; login: string }
  | {
      kind: 'app';
      slug: string;
      /** Where an owner of repositories installs the App. */
      installUrl: string;
      /** Permissions that the App asks nobody for and needs, such as `checks: write`. */
      missing: readonly string[];
    };

/** What Graft needs of a place that keeps repositories and pull requests. Every write looks first for its own effect. */
export interface CodeHost {
  describeIdentity(): Promise<CodeHostIdentity>;
  /** Makes sure that our identity may do there all that is needed; throws `code_host_refused` with what is missing. */
  checkAccess(repository: RepositoryName): Promise<void>;
  /** Full names of the branches below a folder of branches such as `graft`. */
  listBranches(repository: RepositoryName, folder: string): Promise<readonly string[]>;
  /** A fingerprint of what people can change there: another one means that something moved. */
  readNews(repository: RepositoryName): Promise<string>;
  readBase(repository: RepositoryName): Promise<BaseHead>;
  readSnapshot(repository: RepositoryName, commit: string): Promise<Snapshot>;
  readTree(repository: RepositoryName, commit: string): Promise<string>;
  /** The content of a git blob; undefined when the repository has none of that id. */
  readBlob(repository: RepositoryName, blob: string): Promise<Uint8Array | undefined>;
  /** The best common ancestor of two commits; throws `branch_conflict` when they have none. */
  mergeBase(repository: RepositoryName, one: string, other: string): Promise<string>;
  /** One commit, or the same one again after a retry; a lost race is `code_host_refused`. Gives the commit and its tree. */
  commit(input: CommitInput): Promise<{ commit: string; tree: string }>;
  openPullRequest(repository: RepositoryName, branch: string, text: PullRequestText): Promise<PullRequest>;
  updatePullRequest(repository: RepositoryName, number: number, text: PullRequestUpdate): Promise<void>;
  readPullRequest(repository: RepositoryName, number: number): Promise<PullRequest>;
  findPullRequest(repository: RepositoryName, branch: string): Promise<PullRequest | undefined>;
  /** Closes an open one with a comment; says what is true now. */
  closePullRequest(repository: RepositoryName, number: number, comment: string): Promise<PullRequest>;
  /** Says something at a pull request, once for each key: said again with the same key, the comment is rewritten. */
  comment(repository: RepositoryName, number: number, key: string, text: string): Promise<void>;
  /** What people asked for at a pull request and was not answered yet, the oldest first. */
  readRequests(repository: RepositoryName, number: number): Promise<readonly PersonsRequest[]>;
  /** Answers one, so that it is not read again. */
  answerRequest(repository: RepositoryName, number: number, request: string, text: string): Promise<void>;
  /** Shows what a validation says of a commit of a pull request, in place of what was said of the same commit before. */
  reportChecks(
    repository: RepositoryName,
    number: number,
    commit: string,
    checks: readonly CommitCheck[],
  ): Promise<void>;
  /** Content when it is absent; `code_host_refused` when commits that are neither ours nor in the base would be lost. */
  deleteBranch(repository: RepositoryName, branch: string): Promise<void>;
  /**
   * Keeps one issue for each key: opens or rewrites it, or closes it when there is nothing to say (null). Gives where a
   * person looks at it, undefined when there is none; throws `code_host_refused` where a host has no issues.
   */
  keepIssue(
    repository: RepositoryName,
    key: string,
    issue: { title: string; body: string } | null,
  ): Promise<{ url: string } | undefined>;
}

/** Whose values, for which environment. */
export interface ValueTarget {
  project: string;
  repository: RepositoryName;
  environment: Environment;
}

export interface PublishedValue {
  value: string;
  /** A public value may stand where everybody who sees the repository reads it. */
  secret: boolean;
}

/** Where apps find their values. A place is one file, or one set of names; several targets may share a place. */
export interface ValuePublisher {
  /** The place where a target's values stand, by a name that no other place of any publisher has. */
  placeOf(target: ValueTarget): Promise<string>;
  /** Names that have a value there, whoever gave it. */
  list(place: string): Promise<readonly string[]>;
  publish(place: string, values: Readonly<Record<string, PublishedValue>>): Promise<void>;
  unpublish(place: string, names: readonly string[]): Promise<void>;
}
