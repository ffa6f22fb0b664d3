/** What a permission of a token allows; the words are those of GitHub's `permissions` objects. */
export type Level = 'read' | 'write' | 'admin';
export type Permissions = Readonly<Record<string, Level>>;
export type Role = 'read' | 'triage' | 'write' | 'maintain' | 'admin';
export type MergeMethod = 'merge' | 'squash' | 'rebase';

export interface Account {
  id: number;
  login: string;
  type: 'User' | 'Organization' | 'Bot';
  createdAt: string;
}

export interface App {
  id: number;
  slug: string;
  owner: string;
  publicKey: string;
  permissions: Permissions;
  events: readonly string[];
  bot: Account;
  createdAt: string;
}

export interface Installation {
  id: number;
  app: number;
  owner: string;
  repositories: 'all' | string[];
  createdAt: string;
  suspendedAt: string | null;
}

export type Token =
  | { kind: 'person'; token: string; login: string; permissions: Permissions | null; repositories: string[] | null }
  | {
      kind: 'installation';
      token: string;
      installation: number;
      permissions: Permissions;
      repositories: number[] | null;
      expiresAt: string;
    };

export interface Label {
  id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface Reaction {
  id: number;
  login: string;
  content: string;
  createdAt: string;
}

export interface Comment {
  id: number;
  number: number;
  login: string;
  body: string;
  createdAt: string;
  updatedAt: string;
  app: number | null;
  reactions: Reaction[];
}

export interface Pull {
  id: number;
  head: { ref: string; sha: string };
  base: { ref: string; sha: string };
  draft: boolean;
  mergedAt: string | null;
  mergedBy: string | null;
  mergeCommit: string | null;
  /** Tip of the base before the merge, from which its commits are counted. */
  mergedOnto: string | null;
  maintainerCanModify: boolean;
  autoMerge: { login: string; method: MergeMethod } | null;
  /** What the last look for conflicts said, and about which two commits. */
  checked: { head: string; base: string; mergeable: boolean; commit: string | null } | null;
}

export interface Issue {
  id: number;
  number: number;
  title: string;
  body: string | null;
  login: string;
  state: 'open' | 'closed';
  stateReason: string | null;
  labels: string[];
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: string | null;
  app: number | null;
  pull: Pull | null;
}

export interface CheckRun {
  id: number;
  suite: number;
  app: number;
  name: string;
  headSha: string;
  status: string;
  conclusion: string | null;
  startedAt: string | null;
  completedAt: string | null;
  detailsUrl: string | null;
  externalId: string;
  output: { title: string | null; summary: string | null; text: string | null };
}

export interface CommitStatus {
  id: number;
  sha: string;
  state: string;
  context: string;
  description: string | null;
  targetUrl: string | null;
  login: string;
  createdAt: string;
}

export interface Sealed {
  value: string;
  createdAt: string;
  updatedAt: string;
}

/** Secrets and variables of a repository or of one environment, with the key pair of their own that seals them. */
export interface Vault {
  keyId: string;
  publicKey: string;
  privateKey: string;
  secrets: Record<string, Sealed>;
  variables: Record<string, Sealed>;
}

export interface Environment {
  id: number;
  name: string;
  createdAt: string;
  vault: Vault;
}

export interface Repository {
  id: number;
  owner: string;
  name: string;
  private: boolean;
  archived: boolean;
  defaultBranch: string;
  createdAt: string;
  pushedAt: string;
  roles: Record<string, Role>;
  allow: Record<MergeMethod, boolean>;
  allowAutoMerge: boolean;
  /** Private repositories of free accounts have no drafts. */
  drafts: boolean;
  deleteBranchOnMerge: boolean;
  /** Branches and tags as they were when somebody last looked, so that a push is noticed. */
  refs: Record<string, string>;
  nextNumber: number;
  issues: Issue[];
  comments: Comment[];
  labels: Label[];
  checkRuns: CheckRun[];
  statuses: CommitStatus[];
  vault: Vault;
  environments: Environment[];
}

/** One webhook that was sent, or could not be. */
export interface Delivery {
  id: string;
  event: string;
  action: string | null;
  payload: Record<string, unknown>;
  target: { type: 'integration' | 'repository'; id: number };
  /** Null until the receiver answered; 0 when it could not be reached. */
  status: number | null;
  attempts: number;
  deliveredAt: string;
}

export interface State {
  nextId: number;
  signingKey: string;
  accounts: Account[];
  apps: App[];
  installations: Installation[];
  tokens: Token[];
  repositories: Repository[];
  webhook: { id: number; url: string; secret: string } | null;
  deliveries: Delivery[];
}
