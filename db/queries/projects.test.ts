import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../contract/ids.ts';
import { findAnswer, keepAnswer } from './idempotency-keys.ts';
import { getProject, insertProject, listProjects } from './projects.ts';
import { createToken, findCaller, listTokens, revokeToken } from './tokens.ts';
import { sql } from 'drizzle-orm';
import { type Rows, failureOf, openRows } from '../../test/harness/rows.ts';

let rows: Rows;
beforeAll(async () => {
  rows = await openRows();
});
afterAll(() => rows.close());

describe('projects and tokens', () => {
  it('registers a folder of a repository once', async () => {
    const first = await rows.newProject();
    const again = { ...first, id: newId('project'), name: 'Other' };
    const failure = await failureOf(insertProject(rows.api, again));
    expect(failure).toMatchObject({
      code: 'project_exists',
      fields: [{ field: 'repository' }],
      details: { project: first.id },
    });
    await insertProject(rows.api, { ...again, appDir: 'apps/web' });
    expect(await getProject(rows.api, again.id)).toMatchObject({ appDir: 'apps/web' });
    expect(await getProject(rows.control, first.id)).toEqual(first);
    expect(await listProjects(rows.api, first.id)).toEqual([first]);
    expect((await failureOf(getProject(rows.api, newId('project')))).code).toBe('not_found');
  });

  it('knows a token until it is revoked, and keeps no secret', async () => {
    const { id: project } = await rows.newProject();
    const { id, token } = await createToken(rows.api, { name: 'ci', scopes: ['read', 'write'], project });
    expect(await findCaller(rows.api, token)).toEqual({ id, name: 'ci', scopes: ['read', 'write'], project });
    const secret = token.split('.')[1] ?? '';
    const altered = `${id}.${secret.startsWith('A') ? 'B' : 'A'}${secret.slice(1)}`;
    for (const wrong of [altered, `${id}.`, id, '', `${newId('token')}.${secret}`, `x.${secret}`])
      expect(await findCaller(rows.api, wrong)).toBeUndefined();
    const stored = await rows.owner.execute(sql`select tokens::text as row from tokens where id = ${id}`);
    expect(JSON.stringify(stored)).not.toContain(secret);
    expect(await revokeToken(rows.api, id)).toBe(true);
    expect(await revokeToken(rows.api, id)).toBe(false);
    expect(await findCaller(rows.api, token)).toBeUndefined();
    expect((await listTokens(rows.api)).find((row) => row.id === id)?.revokedAt).toBeInstanceOf(Date);
  });

  it('keeps the first answer of a keyed request, for its body only', async () => {
    const { id: token } = await createToken(rows.api, { name: 'ci', scopes: ['write'], project: null });
    const request = { token, route: 'POST /x', key: 'k', bodyHash: Buffer.from('a'.repeat(32)) };
    const answer = { status: 202, location: '/x/1', response: { id: 'one' } };
    expect(await findAnswer(rows.api, request)).toBeUndefined();
    expect(await keepAnswer(rows.api, request, answer)).toBeUndefined();
    expect(await keepAnswer(rows.api, request, { ...answer, response: { id: 'two' } })).toEqual(answer);
    expect(await findAnswer(rows.api, request)).toEqual(answer);
    const other = { ...request, bodyHash: Buffer.from('b'.repeat(32)) };
    expect((await failureOf(findAnswer(rows.api, other))).code).toBe('idempotency_key_reused');
    await rows.owner.execute(sql`update idempotency_keys set expires_at = now() where token = ${token}`);
    expect(await findAnswer(rows.api, request)).toBeUndefined();
    expect(await keepAnswer(rows.api, other, answer)).toBeUndefined();
  });
});
