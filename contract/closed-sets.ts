/** Where an installation's values are used; code is shared by all environments of a project. */
export const environments = ['development', 'staging', 'production'] as const;
export type Environment = (typeof environments)[number];

/** The seven steps of an installation, and `deactivate` for removal, disconnect and undo. */
export const steps = [
  'validate',
  'test',
  'encrypt',
  'generate',
  'pipeline',
  'pull_request',
  'activate',
  'deactivate',
] as const;
export type Step = (typeof steps)[number];

export const statuses = [
  'queued',
  'running',
  'in_review',
  'undoing',
  'active',
  'removing',
  'disconnected',
  'removed',
  'failed',
  'declined',
  'expired',
  'aborted',
] as const;
export type Status = (typeof statuses)[number];

/** Statuses after which an installation's id is never used again. */
export const endedStatuses = [
  'removed',
  'failed',
  'declined',
  'expired',
  'aborted',
] as const satisfies readonly Status[];

/** Is an installation with this status still one of its project's? Disconnected ones are: their code is in the app. */
export function isLive(status: Status): boolean {
  return !(endedStatuses as readonly Status[]).includes(status);
}

export type Answer = 'retry' | 'replaceCredentials' | 'overwrite' | 'keep' | 'adopt' | 'abort';

/** What a person can mend, and the answers each accepts; `abort` is accepted besides until the merge. */
export const answersTo = {
  credentials_rejected: ['replaceCredentials', 'retry'],
  credentials_expired: ['replaceCredentials', 'retry'],
  permission_missing: ['replaceCredentials', 'retry'],
  mode_mismatch: ['replaceCredentials', 'retry'],
  value_exists: ['overwrite', 'keep'],
  merged_differently: ['adopt', 'retry'],
  code_host_refused: ['retry'],
  provider_unavailable: ['retry'],
  base_broken: ['retry'],
  validation_failed: ['retry'],
  project_changed: ['retry'],
  sandbox_missing: ['retry'],
  registry_credentials: ['retry'],
  lock_rejected: ['retry'],
  branch_conflict: ['retry'],
  manual_edit_needed: ['retry'],
} as const satisfies Record<string, readonly Answer[]>;
export type Reason = keyof typeof answersTo;

/** Is this string one of the reasons an installation waits for people? */
export function isReason(value: unknown): value is Reason {
  return typeof value === 'string' && Object.hasOwn(answersTo, value);
}

/** What is being done to an installation; a claim on (project, connector, alias) names one of these. */
export type Operation = 'install' | 'update' | 'remove' | 'disconnect' | 'reconnect';

/** Operations that change code, each by a pull request of its own kind; a reconnection is an installation again. */
export const codeChanges = ['install', 'update', 'remove'] as const;
export type CodeChange = (typeof codeChanges)[number];

/** Places that keep repositories and pull requests. */
export const codeHostKinds = ['local', 'github'] as const;
export type CodeHostKind = (typeof codeHostKinds)[number];

/** How it is told that an active installation is no longer in the app as it was merged; the API tells it always. */
export const driftReports = ['none', 'issue', 'pull_request'] as const;
export type DriftReport = (typeof driftReports)[number];

/** Frameworks, with their names as people know them. */
export const frameworkNames = { expo: 'Expo', next: 'Next.js' } as const;
export type Framework = keyof typeof frameworkNames;
export type PackageManager = 'npm' | 'pnpm' | 'yarn1' | 'yarn' | 'bun' | 'none';
export type Language = 'en' | 'ar';

/** A sentence in every language the product speaks. */
export type LocalText = Record<Language, string>;
