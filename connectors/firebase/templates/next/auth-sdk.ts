import { firebaseApp } from '../firebase-app';

export type { User } from 'firebase/auth';

/** The SDK and the app's Auth, with which a browser keeps people signed in; undefined while a value is missing. */
export async function loadAuth() {
  if (!firebaseApp) return undefined;
  if (typeof window === 'undefined') {
    // On a server all visitors would share whoever signs in.
    throw new Error('Firebase knows who is signed in only in the browser, not on the server.');
  }
  const sdk = await import('firebase/auth');
  return { sdk, auth: sdk.getAuth(firebaseApp) };
}
