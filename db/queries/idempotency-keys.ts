import { timingSafeEqual } from 'node:crypto';
import { and, eq, gt, lte, sql } from 'drizzle-orm';
import { GraftError } from '../../contract/errors.ts';
import type { Executor } from '../connect.ts';
import { idempotencyKeys } from '../schema/idempotency-keys.ts';

/** One keyed request: whose, where, its key, and the keyed hash of its body. */
export interface KeyedRequest {
  token: string;
  route: string;
  key: string;
  bodyHash: Uint8Array;
}

export interface StoredAnswer {
  status: number;
  location: string;
  response: Record<string, unknown>;
}

const hoursKept = 24;

/** The first answer to this request within 24 hours; throws `idempotency_key_reused` when its body was another. */
export async function findAnswer(executor: Executor, request: KeyedRequest): Promise<StoredAnswer | undefined> {
  const [found] = await executor
    .select()
    .from(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.token, request.token),
        eq(idempotencyKeys.route, request.route),
        eq(idempotencyKeys.key, request.key),
        gt(idempotencyKeys.expiresAt, sql`now()`),
      ),
    );
  if (found === undefined) return undefined;
  if (!timingSafeEqual(found.bodyHash, request.bodyHash))
    throw new GraftError(
      'idempotency_key_reused',
      'This Idempotency-Key came with another body before; use a new key.',
    );
  return { status: found.status, location: found.location, response: found.response };
}

/** Forgets answers that are over; gives their number. */
export async function deleteExpiredAnswers(executor: Executor): Promise<number> {
  const deleted = await executor
    .delete(idempotencyKeys)
    .where(lte(idempotencyKeys.expiresAt, sql`now()`))
    .returning({ expiresAt: idempotencyKeys.expiresAt });
  return deleted.length;
}

/**
 * Keeps the answer in the transaction of what it answers, and forgets those that are over. When another request with the
 * same key was first, waits for it and gives its answer instead of keeping this one.
 */
export async function keepAnswer(
  executor: Executor,
  request: KeyedRequest,
  answer: StoredAnswer,
): Promise<StoredAnswer | undefined> {
  await deleteExpiredAnswers(executor);
  const kept = await executor
    .insert(idempotencyKeys)
    .values({ ...request, ...answer, expiresAt: sql`now() + make_interval(hours => ${hoursKept})` })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key });
  return kept.length > 0 ? undefined : findAnswer(executor, request);
}
