/** Deletes the account of whoever the bearer token names; answers `{ status: 'deleted' }`. */
export async function deleteAccount(request: Request): Promise<Response> {
  const projectUrl = process.env.EXPO_PUBLIC_SUPABASE_URL;
  const secretKey = process.env.SUPABASE_SECRET_KEY;
  if (!projectUrl) return notConfigured('EXPO_PUBLIC_SUPABASE_URL');
  if (!secretKey) return notConfigured('SUPABASE_SECRET_KEY');

  const token = /^Bearer (\S+)$/.exec(request.headers.get('Authorization') ?? '')?.[1];
  if (!token) return problem(401, 'not_signed_in', 'Sign in first.');
  const call = (path: string, bearer: string, method: 'GET' | 'DELETE') =>
    fetch(`${projectUrl}/auth/v1/${path}`, {
      method,
      headers: { apikey: secretKey, Authorization: `Bearer ${bearer}` },
    }).catch(() => undefined);

  // Supabase says who the token is of: a request cannot name somebody else.
  const found = await call('user', token, 'GET');
  const person = await found?.json().catch(() => undefined);
  if (!found?.ok || typeof person?.id !== 'string') {
    const refused = found?.status === 403 || person?.error_code === 'no_authorization';
    if (refused) return problem(401, 'not_signed_in', 'The session has ended. Sign in again.');
    return failed('Supabase did not say who is signed in:', found?.status);
  }
  const deletion = await call(`admin/users/${person.id}`, secretKey, 'DELETE');
  if (!deletion?.ok) return failed('Supabase did not delete the account:', deletion?.status);
  return Response.json({ status: 'deleted' });
}

function notConfigured(key: string): Response {
  const message =
    `${key} is not set on the server. Bring it into .env.local: in Graft, run ` +
    '`npm run -s env -- pull <project> <environment> --to <app>`. Then restart the server.';
  return Response.json({ error: 'not_configured', key, message }, { status: 503 });
}

function failed(what: string, status: number | undefined): Response {
  console.error(what, status ?? 'no answer');
  return problem(502, 'supabase_failed', 'The account could not be deleted.');
}

function problem(status: number, error: string, message: string): Response {
  return Response.json({ error, message }, { status });
}
