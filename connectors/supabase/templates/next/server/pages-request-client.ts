import type { IncomingMessage, ServerResponse } from 'node:http';

import { createServerClient, parseCookieHeader, serializeCookieHeader } from '@supabase/ssr';

import { projectUrl, publishableKey } from '../../config';
// @if rows
import type { Database } from '../../database.types';
// @end

/** A client for whoever the cookies of the request are of, to be made anew for each; undefined while a value is missing. */
export function requestClient(request: IncomingMessage, response: ServerResponse) {
  if (!projectUrl || !publishableKey || typeof WebSocket === 'undefined') return undefined;
  return createServerClient/* @if rows */<Database>/* @end */(projectUrl, publishableKey, {
    cookies: {
      getAll: () => parseCookieHeader(request.headers.cookie ?? ''),
      setAll(changed, headers) {
        for (const { name, value, options } of changed) {
          response.appendHeader('Set-Cookie', serializeCookieHeader(name, value, options));
        }
        // A cache must not give one person's session to another.
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      },
    },
  });
}
