import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { and, asc, eq, isNull } from 'drizzle-orm';
import { isId, newId } from '../../contract/ids.ts';
import type { Executor } from '../connect.ts';
import { type Scope, tokens } from '../schema/tokens.ts';

/** Who makes a request and what it may do; `project` null means all of them. */
export interface Caller {
  id: string;
  name: string;
  scopes: readonly Scope[];
  project: string | null;
}

const nobody = Buffer.alloc(32);

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Makes a token; `token` is `tok_….<256 random bits>`, shown once, of which only a hash is kept. */
export async function createToken(
  executor: Executor,
  given: { name: string; scopes: readonly Scope[]; project: string | null },
): Promise<{ id: string; token: string }> {
  const id = newId('token');
  const secret = randomBytes(32).toString('base64url');
  await executor
    .insert(tokens)
    .values({ id, hash: hashOf(secret), name: given.name, scopes: [...given.scopes], project: given.project });
  return { id, token: `${id}.${secret}` };
}

/** Who this token stands for, or undefined when it is unknown, wrong or revoked; hashes are compared in constant time. */
export async function findCaller(executor: Executor, token: string): Promise<Caller | undefined> {
  const [id = '', secret = ''] = token.split('.');
  const [row] = isId('token', id)
    ? await executor
        .select()
        .from(tokens)
        .where(and(eq(tokens.id, id), isNull(tokens.revokedAt)))
    : [];
  const same = timingSafeEqual(row?.hash ?? nobody, hashOf(secret));
  if (row === undefined || !same) return undefined;
  return { id: row.id, name: row.name, scopes: row.scopes, project: row.project };
}

/** Ends a token at once; false when there is no valid one with this id. */
export async function revokeToken(executor: Executor, id: string): Promise<boolean> {
  const revoked = await executor
    .update(tokens)
    .set({ revokedAt: new Date() })
    .where(and(eq(tokens.id, id), isNull(tokens.revokedAt)))
    .returning({ id: tokens.id });
  return revoked.length > 0;
}

/** Every token, the oldest first; without hashes. */
export async function listTokens(
  executor: Executor,
): Promise<(Caller & { createdAt: Date; revokedAt: Date | null })[]> {
  return executor
    .select({
      id: tokens.id,
      name: tokens.name,
      scopes: tokens.scopes,
      project: tokens.project,
      createdAt: tokens.createdAt,
      revokedAt: tokens.revokedAt,
    })
    .from(tokens)
    .orderBy(asc(tokens.createdAt), asc(tokens.id));
}
