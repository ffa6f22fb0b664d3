import { createHash, timingSafeEqual } from 'node:crypto';
import express, { type Express, type RequestHandler } from 'express';
import type { PayloadCodec } from '@temporalio/common';
import type { Logger } from 'pino';
import { GraftError } from '../contract/errors.ts';
import { decodePayloads } from '../temporal/decode.ts';
import { problems } from './problem.ts';
import { requestId } from './request-id.ts';

/**
 * What the Temporal UI and CLI ask to decode payloads, `POST /codec/decode`; for a port on loopback. Only the page of
 * `origin` may read the answers, and with a `token` only who shows it. There is no encoding.
 */
export function createCodecApp(options: { codec: PayloadCodec; origin: string; token?: string; log: Logger }): Express {
  const { codec, origin, token, log } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(requestId, refuseOtherPages(origin));
  app.options('/codec/decode', (_request, response) => {
    response
      .set({
        'Access-Control-Allow-Methods': 'POST',
        'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Namespace',
        'Access-Control-Max-Age': '600',
      })
      .status(204)
      .end();
  });
  const body = express.json({ limit: '8mb', type: 'application/json', inflate: false });
  app.post('/codec/decode', refuseOtherTokens(token), body, async (request, response) => {
    response.set('Cache-Control', 'no-store').json(await decodePayloads(codec, request.body));
  });
  app.use(() => {
    throw new GraftError('not_found', 'Only POST /codec/decode is here.');
  });
  app.use(problems(log));
  return app;
}

/** A page of another origin is refused, and so is one that came here by a name of its own that leads to loopback. */
function refuseOtherPages(origin: string): RequestHandler {
  return (request, response, next) => {
    const host = (request.get('Host') ?? '').replace(/:\d+$/, '');
    const from = request.get('Origin');
    if (!['127.0.0.1', 'localhost', '[::1]'].includes(host) || (from !== undefined && from !== origin))
      throw new GraftError('forbidden', 'Only the Temporal UI may ask this; set GRAFT_CODEC_ORIGIN to its origin.');
    response.set('Vary', 'Origin');
    if (from !== undefined)
      response.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' });
    next();
  };
}

function refuseOtherTokens(token: string | undefined): RequestHandler {
  return (request, _response, next) => {
    const [, given = ''] = /^Bearer (.*)$/.exec(request.get('Authorization') ?? '') ?? [];
    const hash = (text: string) => createHash('sha256').update(text).digest();
    if (token !== undefined && !timingSafeEqual(hash(token), hash(given)))
      throw new GraftError('unauthorized', 'Send the codec token as "Authorization: Bearer …".');
    next();
  };
}
