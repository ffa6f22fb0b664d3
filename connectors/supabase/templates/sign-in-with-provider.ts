import type { Provider } from '@supabase/supabase-js';
import { openAuthSessionAsync } from 'expo-web-browser';
import { Platform } from 'react-native';

import { supabase } from './client';
import { notConfigured } from './config';
import { finishSignIn, redirectUrl, type SignInResult } from './sign-in';

export type ProviderResult = SignInResult | { status: 'canceled' } | { status: 'leaving' };

/** Signs in through `google`, `apple`, `github` or another provider that is turned on in the project. */
export async function signInWithProvider(provider: Provider): Promise<ProviderResult> {
  if (!supabase) return notConfigured;
  // A browser leaves the app's page for the provider's, and comes back with the session.
  if (Platform.OS === 'web') {
    const { error } = await supabase.auth.signInWithOAuth({ provider });
    return error ? { status: 'failed', message: error.message } : { status: 'leaving' };
  }
  const { data, error } = await supabase.auth.signInWithOAuth({
    provider,
    options: { redirectTo: redirectUrl, skipBrowserRedirect: true },
  });
  if (error) return { status: 'failed', message: error.message };
  const page = await openAuthSessionAsync(data.url, redirectUrl);
  if (page.type !== 'success') return { status: 'canceled' };
  return (await finishSignIn(page.url)) ?? { status: 'canceled' };
}
