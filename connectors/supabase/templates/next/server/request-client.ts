import { createServerClient } from '@supabase/ssr';
import { cookies } from 'next/headers';

import { projectUrl, publishableKey } from '../../config';
// @if rows
import type { Database } from '../../database.types';
// @end

/** A client for whoever the cookies of the request are of, to be made anew for each; undefined while a value is missing. */
export async function requestClient() {
  const store = await cookies();
  if (!projectUrl || !publishableKey || typeof WebSocket === 'undefined') return undefined;
  return createServerClient/* @if rows */<Database>/* @end */(projectUrl, publishableKey, {
    cookies: {
      getAll: () => store.getAll(),
      setAll(changed) {
        try {
          for (const { name, value, options } of changed) store.set(name, value, options);
        } catch {
          // A Server Component may not set cookies; `renewSession` has done it before the page renders.
        }
      },
    },
  });
}
