import type { Provider } from '@supabase/supabase-js';
// @if native
import { Platform } from 'react-native';
// @end

import { supabase } from './client';
import { notConfigured } from './config';
import type { SignInResult } from './sign-in';

export type ProviderResult = SignInResult | { status: 'leaving' };

/** Signs in through `google`, `apple`, `github` or another provider that is turned on in the project; in browsers only. */
export async function signInWithProvider(provider: Provider): Promise<ProviderResult> {
  if (!supabase) return notConfigured;
  // @if native
  if (Platform.OS !== 'web') {
    const message = 'The app has no URL scheme that the provider can lead back to.';
    return { status: 'failed', message };
  }
  // @end
  // A browser leaves the app's page for the provider's, and comes back with the session.
  const { error } = await supabase.auth.signInWithOAuth({ provider });
  return error ? { status: 'failed', message: error.message } : { status: 'leaving' };
}
