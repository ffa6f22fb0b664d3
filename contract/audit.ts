/** What was done with something sealed or encrypted. */
type AuditAction = 'open_submission' | 'open_version' | 'destroy_version';

/** One act on a secret: who, what, on which ids, and why. Plain strings, never a value. */
export interface AuditEntry {
  /** The process that acts, such as `control@host`. */
  actor: string;
  action: AuditAction;
  /** Ids by kind: submission, request, project, installation, version; connector and environment for reading. */
  subject: Readonly<Record<string, string>>;
  purpose: string;
}

/** A row of the audit chain. `hash` covers everything else in the row, and `previousHash` is the `hash` of the row before. */
export interface AuditRow {
  /** Grows from row to row; gaps are fine. */
  seq: number;
  /** UTC with milliseconds, exactly as `Date.prototype.toISOString` writes it. */
  at: string;
  entry: AuditEntry;
  previousHash: string;
  /** SHA-256, 64 hex digits. */
  hash: string;
}

/** Gives a row's `hash`; handed to the database's insert, which reads `previous` under a lock. */
export type NextAuditHash = (previous: string, row: Pick<AuditRow, 'seq' | 'at' | 'entry'>) => string;

/** `previousHash` of the first row. */
export const firstAuditHash = '0'.repeat(64);
