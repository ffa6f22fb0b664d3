import type { RequestHandler, Response } from 'express';
import { GraftError } from '../contract/errors.ts';
import type { Database } from '../db/connect.ts';
import { type Caller, findCaller } from '../db/queries/tokens.ts';
import type { Scope } from '../db/schema/tokens.ts';

const callers = new WeakMap<Response, Caller>();
/** Each scope holds those before it. */
const order: readonly Scope[] = ['read', 'write', 'admin'];

/** Lets in who shows a valid token as `Authorization: Bearer …`; throws `unauthorized`. */
export function authenticate(database: Database): RequestHandler {
  return async (request, response, next) => {
    const [, token] = /^Bearer +([\w.-]{1,200})$/i.exec(request.get('Authorization') ?? '') ?? [];
    const caller = token === undefined ? undefined : await findCaller(database, token);
    if (caller === undefined) {
      const fix = 'Send a valid token as "Authorization: Bearer …"; `npm run -s token -- create` makes one.';
      throw new GraftError('unauthorized', fix, { fields: [{ field: 'Authorization', fix }] });
    }
    callers.set(response, caller);
    next();
  };
}

/** Who makes the request that this response answers. */
export function callerOf(response: Response): Caller {
  const caller = callers.get(response);
  if (caller === undefined) throw new GraftError('unauthorized', 'This route needs a token.');
  return caller;
}

/** Does the caller's token hold this scope, or a wider one? */
export function hasScope(caller: Caller, scope: Scope): boolean {
  return caller.scopes.some((held) => order.indexOf(held) >= order.indexOf(scope));
}

/** Lets on who holds the scope; throws `forbidden`. */
export function allow(scope: Scope): RequestHandler {
  return (_request, response, next) => {
    if (!hasScope(callerOf(response), scope))
      throw new GraftError('forbidden', `This token may not do that; use one with the scope ${scope}.`);
    next();
  };
}
