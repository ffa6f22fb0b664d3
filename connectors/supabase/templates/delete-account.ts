import { supabase } from './client';
import { type Failed, type NotConfigured, notConfigured, serverUrl } from './config';

export type DeletionResult = { status: 'deleted' } | Failed | NotConfigured;

/** Deletes the account of the signed-in person and ends the session. It cannot be undone. Never rejects. */
export async function deleteAccount(): Promise<DeletionResult> {
  if (!supabase) return notConfigured;
  // @if !sameOrigin
  if (!serverUrl) {
    return {
      status: 'not_configured',
      key: 'serverUrl',
      message: 'Set serverUrl in __FOLDER__/config.ts to the address of your server.',
    };
  }
  // @end
  try {
    const { data } = await supabase.auth.getSession();
    if (!data.session) return { status: 'failed', message: 'Nobody is signed in.' };
    const response = await fetch(`${serverUrl}/api/supabase/delete-account`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${data.session.access_token}` },
    });
    const answer = await response.json();
    if (answer.status === 'deleted') {
      await supabase.auth.signOut({ scope: 'local' });
      return { status: 'deleted' };
    }
    const message = answer.message ?? `The server answered with status ${response.status}.`;
    if (answer.error !== 'not_configured') return { status: 'failed', message };
    return { status: 'not_configured', key: answer.key, message };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { status: 'failed', message: `No usable answer from the server: ${reason}` };
  }
}
