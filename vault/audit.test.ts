import { describe, expect, it } from 'vitest';
import { type AuditRow, firstAuditHash } from '../contract/audit.ts';
import { nextAuditHash, verifyAudit } from './audit.ts';

function chain(length: number): AuditRow[] {
  const rows: AuditRow[] = [];
  let previousHash = firstAuditHash;
  for (let seq = 1; seq <= length; seq += 1) {
    const row = {
      seq,
      at: new Date(Date.UTC(2026, 0, seq)).toISOString(),
      entry: { actor: 'control@host', action: 'open_version', subject: { version: `ver_${seq}` }, purpose: 'test' },
    } as const;
    const hash = nextAuditHash(previousHash, row);
    rows.push({ ...row, previousHash, hash });
    previousHash = hash;
  }
  return rows;
}

function changed(rows: readonly AuditRow[], index: number, change: Partial<AuditRow>): AuditRow[] {
  return rows.map((row, at) => (at === index ? { ...row, ...change } : row));
}

describe('verifyAudit', () => {
  const rows = chain(5);
  const last = rows[4] as AuditRow;
  const third = rows[2] as AuditRow;

  it('holds for a whole chain, for none, and with keys in the order a database gives them', () => {
    expect(verifyAudit(rows)).toEqual({ ok: true, lastHash: last.hash });
    expect(verifyAudit([])).toEqual({ ok: true, lastHash: firstAuditHash });
    const { actor, action, subject, purpose } = third.entry;
    expect(verifyAudit(changed(rows, 2, { entry: { purpose, subject, action, actor } }))).toMatchObject({ ok: true });
  });

  it.each([
    ['actor', { entry: { ...third.entry, actor: 'control@other' } }],
    ['purpose', { entry: { ...third.entry, purpose: 'other' } }],
    ['subject', { entry: { ...third.entry, subject: { version: 'ver_9' } } }],
    ['time', { at: new Date(0).toISOString() }],
    ['hash', { hash: last.hash }],
    ['previous hash', { previousHash: last.hash }],
  ] as [string, Partial<AuditRow>][])('finds a changed %s', (_what, change) => {
    expect(verifyAudit(changed(rows, 2, change))).toMatchObject({ ok: false, brokenAt: 3 });
  });

  it('finds a changed row whose own hash was computed again', () => {
    const entry = { ...third.entry, purpose: 'other' };
    const hash = nextAuditHash(third.previousHash, { ...third, entry });
    expect(verifyAudit(changed(rows, 2, { entry, hash }))).toMatchObject({ ok: false, brokenAt: 4 });
  });

  it('finds the row after one that was taken out, at the start too, and rows that were swapped or repeated', () => {
    expect(verifyAudit(rows.filter((row) => row !== third))).toMatchObject({ ok: false, brokenAt: 4 });
    expect(verifyAudit(rows.slice(1))).toMatchObject({ ok: false, brokenAt: 2 });
    expect(verifyAudit(rows.toReversed())).toMatchObject({ ok: false, brokenAt: 5 });
    expect(verifyAudit([...rows, last])).toMatchObject({ ok: false, brokenAt: 5 });
  });

  it('finds a row whose number does not grow, though its hash is right', () => {
    const row = { ...last, seq: 4 };
    const hash = nextAuditHash(row.previousHash, row);
    expect(verifyAudit(changed(rows, 4, { seq: 4, hash }))).toMatchObject({ ok: false, brokenAt: 4 });
  });

  it('shows a cut tail only to who kept the last hash', () => {
    const cut = verifyAudit(rows.slice(0, 4));
    expect(cut.ok).toBe(true);
    expect(cut.lastHash).not.toBe(last.hash);
  });
});
