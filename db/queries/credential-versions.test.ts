import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../contract/ids.ts';
import type { EncryptedVersion } from '../../contract/vault.ts';
import {
  destroyVersions,
  findUsableVersion,
  findVersionBySubmission,
  listVersions,
  promoteVersion,
  saveVersion,
} from './credential-versions.ts';
import {
  deleteExpiredSubmissions,
  deleteSubmission,
  findOpenSubmission,
  findSubmission,
  insertSubmission,
} from './submissions.ts';
import { sql } from 'drizzle-orm';
import { type Rows, failureOf, openRows } from '../../test/harness/rows.ts';

let rows: Rows;
beforeAll(async () => {
  rows = await openRows();
});
afterAll(() => rows.close());

const encrypted = {
  format: 1,
  keyId: 'k',
  commitment: { wrapping: '', data: '' },
  wrappedKey: '',
  fields: {},
} as const;

describe('secrets', () => {
  it('gives a sealed submission to control until it is over', async () => {
    const installation = await rows.queue();
    const submission = await rows.submit(installation);
    expect(await findSubmission(rows.control, submission)).toMatchObject({
      installation: installation.id,
      request: null,
      sealed: Buffer.from([0, 1, 255]),
    });
    expect(await findOpenSubmission(rows.api, installation.id)).toBe(submission);
    await rows.owner.execute(sql`update submissions set expires_at = now() where id = ${submission}`);
    expect(await findSubmission(rows.control, submission)).toBeUndefined();
    expect(await deleteExpiredSubmissions(rows.control)).toBe(1);
    const request = newId('request');
    const tested = newId('submission');
    await insertSubmission(
      rows.api,
      { kind: 'test', submission: tested, request, connector: 'fake', environment: 'staging' },
      Uint8Array.of(1),
    );
    expect(await findSubmission(rows.control, tested)).toMatchObject({ request, project: null, installation: null });
    await deleteSubmission(rows.api, tested);
    expect(await findSubmission(rows.control, tested)).toBeUndefined();
  });

  it('keeps one version per submission, destroys what it replaces, and forgets what is destroyed', async () => {
    const installation = await rows.queue();
    const save = async (fields: EncryptedVersion['fields']) => {
      const submission = await rows.submit(installation);
      const id = newId('version');
      const given = { id, installation: installation.id, submission, encrypted: { ...encrypted, fields } };
      expect(await saveVersion(rows.control, given)).toBe(id);
      expect(await findSubmission(rows.control, submission)).toBeUndefined();
      expect(await saveVersion(rows.control, { ...given, id: newId('version') })).toBe(id);
      return { id, submission };
    };
    const states = async () =>
      (await listVersions(rows.api, installation.id)).map(({ number, state }) => [number, state]);

    const first = await save({ key: 'one' });
    const second = await save({ key: 'two' });
    expect(await states()).toEqual([
      [2, 'staged'],
      [1, 'destroyed'],
    ]);
    expect(await findVersionBySubmission(rows.control, first.submission)).toEqual({ id: first.id, state: 'destroyed' });
    expect((await failureOf(promoteVersion(rows.control, installation.id, first.id))).code).toBe('internal');
    await promoteVersion(rows.control, installation.id, second.id);
    await promoteVersion(rows.control, installation.id, second.id);
    const third = await save({ key: 'three' });
    expect(await findUsableVersion(rows.control, installation.id)).toMatchObject({
      id: third.id,
      encrypted: { fields: { key: 'three' } },
    });
    await promoteVersion(rows.control, installation.id, third.id);
    expect(await states()).toEqual([
      [3, 'current'],
      [2, 'destroyed'],
      [1, 'destroyed'],
    ]);
    expect(await destroyVersions(rows.control, installation.id, ['staged'])).toEqual([]);
    expect(await destroyVersions(rows.control, installation.id, ['staged', 'current'])).toEqual([third.id]);
    expect(await destroyVersions(rows.control, installation.id, ['staged', 'current'])).toEqual([]);
    expect(await findUsableVersion(rows.control, installation.id)).toBeUndefined();
    const [left] = await rows.owner.execute<{ left: string }>(
      sql`select count(encrypted)::text as left from credential_versions where installation = ${installation.id}`,
    );
    expect(left?.left).toBe('0');
  });
});
