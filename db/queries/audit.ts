import { asc, desc, gt, sql } from 'drizzle-orm';
import { type AuditEntry, type AuditRow, type NextAuditHash, firstAuditHash } from '../../contract/audit.ts';
import type { Executor } from '../connect.ts';
import { audit } from '../schema/audit.ts';

/** Held while a row is appended: the chain has one end. */
const chainLock = 4_715_001;

/** Appends an entry to the hash chain, one at a time. */
export async function appendAudit(executor: Executor, entry: AuditEntry, nextHash: NextAuditHash): Promise<void> {
  await executor.transaction(async (transaction) => {
    await transaction.execute(sql`select pg_advisory_xact_lock(${chainLock})`);
    const [last] = await transaction
      .select({ seq: audit.seq, hash: audit.hash })
      .from(audit)
      .orderBy(desc(audit.seq))
      .limit(1);
    const previousHash = last?.hash ?? firstAuditHash;
    const seq = (last?.seq ?? 0) + 1;
    const at = new Date();
    const hash = nextHash(previousHash, { seq, at: at.toISOString(), entry });
    await transaction.insert(audit).values({ seq, at, entry, previousHash, hash });
  });
}

/** Rows of the chain after the one with the number `after` (0: from the start), in order. */
export async function listAudit(executor: Executor, after: number, limit = 1000): Promise<AuditRow[]> {
  const rows = await executor.select().from(audit).where(gt(audit.seq, after)).orderBy(asc(audit.seq)).limit(limit);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
