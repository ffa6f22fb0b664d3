// @if next
'use client';

// @end
import { createContext, type PropsWithChildren, useContext, useEffect, useState } from 'react';

import { loadAuth, type User } from './auth-sdk';
import { type Failed, failed, type NotConfigured } from './config';
import { isConfigured, notConfigured } from './firebase-app';

export type UserState =
  | { status: 'loading' }
  | { status: 'signed_out' }
  | { status: 'signed_in'; user: User }
  | Failed
  | NotConfigured;

const initial: UserState = isConfigured ? { status: 'loading' } : notConfigured;
const UserContext = createContext<UserState>(initial);

if (process.env.NODE_ENV === 'development' && !isConfigured) {
  console.warn(notConfigured.message);
}

/** Whether somebody is signed in, and who. */
export function useUser() {
  return useContext(UserContext);
}

/** Gives the app whoever is signed in; while a value is missing it only renders its children. */
export function FirebaseConnector({ children }: PropsWithChildren) {
  const [state, setState] = useState<UserState>(initial);

  useEffect(() => {
    let current = true;
    let stop = () => {};
    const follow = async () => {
      const loaded = await loadAuth();
      if (!loaded || !current) return;
      stop = loaded.sdk.onAuthStateChanged(loaded.auth, (user) => {
        setState(user ? { status: 'signed_in', user } : { status: 'signed_out' });
      });
    };
    follow().catch((error: unknown) => setState(failed(error)));
    return () => {
      current = false;
      stop();
    };
  }, []);

  return <UserContext.Provider value={state}>{children}</UserContext.Provider>;
}
