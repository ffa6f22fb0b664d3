import { createServerClient } from '@supabase/ssr';
import { type NextRequest, NextResponse } from 'next/server';

import { projectUrl, publishableKey } from '../../config';

/** Renews the session that came with a request, for what renders next and for the browser; call it where every request passes. */
export async function renewSession(request: NextRequest): Promise<NextResponse> {
  let response = NextResponse.next({ request });
  if (!projectUrl || !publishableKey || typeof WebSocket === 'undefined') return response;
  const supabase = createServerClient(projectUrl, publishableKey, {
    cookies: {
      getAll: () => request.cookies.getAll(),
      setAll(changed, headers) {
        for (const { name, value } of changed) request.cookies.set(name, value);
        response = NextResponse.next({ request });
        for (const { name, value, options } of changed) response.cookies.set(name, value, options);
        // A cache must not give one person's session to another.
        for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
      },
    },
  });
  await supabase.auth.getClaims();
  return response;
}
