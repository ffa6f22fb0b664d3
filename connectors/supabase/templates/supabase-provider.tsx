// @if web
'use client';

// @end
import type { Session } from '@supabase/supabase-js';
import { createContext, type PropsWithChildren, useContext, useEffect, useState } from 'react';
// @if native
import { AppState, type AppStateStatus/* @if scheme */, Linking/* @end */, Platform } from 'react-native';
// @end

import { supabase } from './client';
import { type NotConfigured, notConfigured } from './config';
// @if scheme
import { finishSignIn } from './sign-in';
// @end

export type SessionState =
  | { status: 'loading' }
  | { status: 'signed_out' }
  | { status: 'signed_in'; session: Session }
  | NotConfigured;

const initial: SessionState = supabase ? { status: 'loading' } : notConfigured;
const SessionContext = createContext<SessionState>(initial);

if (process.env.NODE_ENV === 'development' && !supabase) {
  console.warn(notConfigured.message);
}

/** Whether somebody is signed in, and who. */
export function useSession() {
  return useContext(SessionContext);
}

/** Gives the app the session; while a value is missing it only renders its children. */
export function SupabaseConnector({ children }: PropsWithChildren) {
  const [state, setState] = useState<SessionState>(initial);

  useEffect(() => {
    if (!supabase) return undefined;
    const { data } = supabase.auth.onAuthStateChange((_event, session) => {
      setState(session ? { status: 'signed_in', session } : { status: 'signed_out' });
    });
    return () => data.subscription.unsubscribe();
  }, []);
  // @if native

  // Tokens are renewed while the app is in front; in a browser the SDK sees to that itself.
  useEffect(() => {
    if (!supabase || Platform.OS === 'web') return undefined;
    const { auth } = supabase;
    const follow = (next: AppStateStatus) => {
      void (next === 'active' ? auth.startAutoRefresh() : auth.stopAutoRefresh());
    };
    follow(AppState.currentState);
    const subscription = AppState.addEventListener('change', follow);
    return () => {
      subscription.remove();
      void auth.stopAutoRefresh();
    };
  }, []);
  // @end
  // @if scheme

  // The link of an e-mail leads back into the app with a code, which is changed for a session.
  useEffect(() => {
    if (Platform.OS === 'web') return undefined;
    void Linking.getInitialURL().then((link) => (link ? finishSignIn(link) : undefined));
    const subscription = Linking.addEventListener('url', ({ url }) => {
      void finishSignIn(url);
    });
    return () => subscription.remove();
  }, []);
  // @end

  return <SessionContext.Provider value={state}>{children}</SessionContext.Provider>;
}
