import AsyncStorage from '@react-native-async-storage/async-storage';
import * as firebaseAuth from 'firebase/auth';
import type { FirebaseApp } from 'firebase/app';

import { firebaseApp } from './firebase-app';

export type { User } from 'firebase/auth';

// React Native gets a build of the package that has this; the types are those of the build for browsers.
const { getReactNativePersistence } = firebaseAuth as typeof firebaseAuth & {
  getReactNativePersistence: (storage: typeof AsyncStorage) => firebaseAuth.Persistence;
};

let auth: firebaseAuth.Auth | undefined;

/** The SDK and the app's Auth, which keeps people signed in between starts; undefined while a value is missing. */
export async function loadAuth() {
  if (!firebaseApp) return undefined;
  auth ??= initializeAuth(firebaseApp);
  return { sdk: firebaseAuth, auth };
}

function initializeAuth(app: FirebaseApp) {
  try {
    const persistence = getReactNativePersistence(AsyncStorage);
    return firebaseAuth.initializeAuth(app, { persistence });
  } catch (error) {
    // The app has set it up itself, or this module did before a fast refresh.
    const { code } = error as { code?: string };
    if (code === 'auth/already-initialized') return firebaseAuth.getAuth(app);
    throw error;
  }
}
