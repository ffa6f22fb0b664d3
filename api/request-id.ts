import type { RequestHandler, Response } from 'express';
import { newId } from '../contract/ids.ts';

const ids = new WeakMap<Response, string>();

/** Gives each request an id: the caller's `X-Request-Id` when it is a plain word, else a new one. */
export const requestId: RequestHandler = (request, response, next) => {
  const given = request.get('X-Request-Id');
  const id = given !== undefined && /^[\w.-]{8,64}$/.test(given) ? given : newId('request');
  ids.set(response, id);
  response.set('X-Request-Id', id);
  next();
};

/** The id of the request that this response answers. */
export function requestIdOf(response: Response): string {
  return ids.get(response) ?? '';
}
