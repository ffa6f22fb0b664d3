import type { RequestHandler } from 'express';
import { GraftError } from '../contract/errors.ts';

const mebibyte = 1024 ** 2;
const small = mebibyte;
/** How much the bodies of each kind that are read at the same time may take. */
const bytesAtOnce = 100 * mebibyte;

/**
 * Refuses bodies, before they are read, when those that are being read could fill the memory. Small ones have room of
 * their own, which whoever sends many large ones does not take from them.
 */
export function limitBodies(largest: number): RequestHandler {
  const taken = { small: 0, large: 0 };
  return (request, response, next) => {
    // One that does not say how long it is may be as long as is taken.
    const bytes = Math.min(Number(request.get('Content-Length') ?? largest), largest);
    const kind = bytes > small ? 'large' : 'small';
    if (taken[kind] + bytes > bytesAtOnce)
      throw new GraftError('unavailable', 'Too many large bodies come at once: send it again after a while.', {
        retryAfterSeconds: 5,
      });
    taken[kind] += bytes;
    response.once('close', () => {
      taken[kind] -= bytes;
    });
    next();
  };
}
