import { createHmac } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Executor } from '../db/connect.ts';
import { type KeyedRequest, type StoredAnswer, findAnswer, keepAnswer } from '../db/queries/idempotency-keys.ts';
import { callerOf } from './authenticate.ts';
import type { Dependencies } from './dependencies.ts';
import { refuseFaults } from './parse.ts';

/** The request's `Idempotency-Key` with the keyed hash of its body; undefined when it has none. */
function keyedRequestOf(hashKey: Uint8Array, request: Request, response: Response): KeyedRequest | undefined {
  const key = request.get('Idempotency-Key');
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    refuseFaults([{ field: 'Idempotency-Key', fix: 'Send 1 to 255 visible ASCII characters, such as a UUID.' }]);
  const route = `${request.method} ${request.baseUrl}${request.path}`;
  const bodyHash = createHmac('sha256', hashKey)
    .update(JSON.stringify([route, request.body ?? null]))
    .digest();
  return { token: callerOf(response).id, route, key, bodyHash };
}

/** Sends the answer of a request that creates something. */
export function sendCreated(response: Response, answer: StoredAnswer): void {
  response.status(answer.status).location(answer.location).json(answer.response);
}

/**
 * Answers a request that creates something, once for each `Idempotency-Key`: `prepare` checks and gives what is to be
 * written and answered, `write` runs in the transaction that keeps the answer; a repeated request gets the first one's
 * answer. Gives whether this request was the first.
 */
export async function answerOnce<Prepared extends { answer: StoredAnswer }>(
  { database, hashKey }: Dependencies,
  request: Request,
  response: Response,
  prepare: () => Promise<Prepared>,
  write: (transaction: Executor, prepared: Prepared) => Promise<void>,
): Promise<Prepared | undefined> {
  const keyed = keyedRequestOf(hashKey, request, response);
  const earlier = keyed === undefined ? undefined : await findAnswer(database, keyed);
  if (earlier !== undefined) {
    sendCreated(response, earlier);
    return undefined;
  }
  const prepared = await prepare();
  const meanwhile = await database.transaction(async (transaction) => {
    const first = keyed === undefined ? undefined : await keepAnswer(transaction, keyed, prepared.answer);
    if (first === undefined) await write(transaction, prepared);
    return first;
  });
  if (meanwhile !== undefined) {
    sendCreated(response, meanwhile);
    return undefined;
  }
  return prepared;
}
