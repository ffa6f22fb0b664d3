import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NextAuditHash } from '../../contract/audit.ts';
import { type Rows, openRows } from '../../test/harness/rows.ts';
import { appendAudit, listAudit } from './audit.ts';

let rows: Rows;
beforeAll(async () => {
  rows = await openRows();
});
afterAll(() => rows.close());

describe('the audit table', () => {
  it('chains audit rows appended at once, without a fork', async () => {
    const nextHash: NextAuditHash = (previous, row) =>
      createHash('sha256')
        .update(JSON.stringify([previous, row.seq, row.at, row.entry.purpose]))
        .digest('hex');
    const append = (purpose: string) =>
      appendAudit(rows.control, { actor: 'control@test', action: 'open_version', subject: {}, purpose }, nextHash);
    await Promise.all(Array.from({ length: 10 }, (_, index) => append(`test ${index}`)));
    const chain = await listAudit(rows.control, 0);
    expect(chain).toHaveLength(10);
    let previous = '0'.repeat(64);
    for (const row of chain) {
      expect(row).toMatchObject({ previousHash: previous, hash: nextHash(previous, row) });
      previous = row.hash;
    }
    expect(await listAudit(rows.control, chain.at(-2)?.seq ?? 0)).toEqual(chain.slice(-1));
  });
});
