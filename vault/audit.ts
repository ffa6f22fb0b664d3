import { createHash } from 'node:crypto';
import { type AuditRow, firstAuditHash } from '../contract/audit.ts';

/**
 * Gives the hash of a row behind `previous` (the hash of the row before, `firstAuditHash` at the start): SHA-256 in hex
 * over a JSON array of previous hash, number, time and entry, the entry's keys sorted, since `jsonb` reorders them.
 */
export function nextAuditHash(previous: string, row: Pick<AuditRow, 'seq' | 'at' | 'entry'>): string {
  const text = JSON.stringify(sorted(['graft audit 1', previous, row.seq, row.at, row.entry]));
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Reads all rows in their order and finds the first that was changed, moved or put in, or follows one that was taken
 * out. A tail that was cut off leaves a shorter chain that holds: to see that, keep `lastHash` outside the database.
 */
export function verifyAudit(rows: Iterable<AuditRow>): { ok: boolean; brokenAt?: number; lastHash: string } {
  let lastHash = firstAuditHash;
  let lastSeq = -Infinity;
  for (const row of rows) {
    const holds = row.seq > lastSeq && row.previousHash === lastHash && row.hash === nextAuditHash(lastHash, row);
    if (!holds) return { ok: false, brokenAt: row.seq, lastHash };
    lastHash = row.hash;
    lastSeq = row.seq;
  }
  return { ok: true, lastHash };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]));
}
