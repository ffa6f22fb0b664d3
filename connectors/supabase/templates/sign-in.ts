// @if scheme
import { Platform } from 'react-native';

// @end
import { supabase } from './client';
import { type Failed, type NotConfigured, notConfigured } from './config';

export type SignInResult =
  | { status: 'signed_in' }
  /** An e-mail is on its way; the sign-in ends with its link. */
  | { status: 'check_email' }
  | Failed
  | NotConfigured;

export type SignOutResult = { status: 'signed_out' } | Failed | NotConfigured;

// @if scheme
/** Where the links of e-mails and the pages of providers lead back to. */
export const redirectUrl = '__SCHEME__://__NAME__-auth';

const emailOptions = Platform.OS === 'web' ? {} : { emailRedirectTo: redirectUrl };

// @end
export async function signIn(email: string, password: string): Promise<SignInResult> {
  if (!supabase) return notConfigured;
  const { error } = await supabase.auth.signInWithPassword({ email, password });
  return error ? { status: 'failed', message: error.message } : { status: 'signed_in' };
}

/** Makes an account; where the project wants e-mail addresses confirmed, the person is not signed in yet. */
export async function signUp(email: string, password: string): Promise<SignInResult> {
  if (!supabase) return notConfigured;
  const { data, error } = await supabase.auth.signUp({ email, password/* @if scheme */, options: emailOptions/* @end */ });
  if (error) return { status: 'failed', message: error.message };
  return { status: data.session ? 'signed_in' : 'check_email' };
}

// @if links
/** Sends a link that signs in without a password. */
export async function sendLink(email: string): Promise<SignInResult> {
  if (!supabase) return notConfigured;
  const { error } = await supabase.auth.signInWithOtp({ email/* @if scheme */, options: emailOptions/* @end */ });
  return error ? { status: 'failed', message: error.message } : { status: 'check_email' };
}

// @end
// @if scheme
// A link can arrive twice, and its code is good only once.
let finished: { link: string; result: Promise<SignInResult> } | undefined;

/** Changes the code of a link back into the app for a session; undefined for any other link. */
export function finishSignIn(link: string): Promise<SignInResult> | undefined {
  if (link.split(/\/?[?#]/, 1)[0] !== redirectUrl) return undefined;
  if (finished?.link !== link) finished = { link, result: changeCode(link) };
  return finished.result;
}

async function changeCode(link: string): Promise<SignInResult> {
  if (!supabase) return notConfigured;
  const params = new URLSearchParams(link.slice(redirectUrl.length).replace(/^\/?[?#]/, ''));
  const code = params.get('code');
  if (!code) {
    const message = params.get('error_description') ?? 'The link has no code.';
    return { status: 'failed', message };
  }
  const { error } = await supabase.auth.exchangeCodeForSession(code);
  return error ? { status: 'failed', message: error.message } : { status: 'signed_in' };
}

// @end
/** Ends the session on this device. */
export async function signOut(): Promise<SignOutResult> {
  if (!supabase) return notConfigured;
  const { error } = await supabase.auth.signOut({ scope: 'local' });
  return error ? { status: 'failed', message: error.message } : { status: 'signed_out' };
}
