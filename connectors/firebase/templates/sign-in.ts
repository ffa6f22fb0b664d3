import { loadAuth } from './auth-sdk';
import { type Failed, failed, type NotConfigured } from './config';
import { notConfigured } from './firebase-app';

export type SignInResult = { status: 'signed_in' } | Failed | NotConfigured;
export type ResetResult = { status: 'sent' } | Failed | NotConfigured;
export type SignOutResult = { status: 'signed_out' } | Failed | NotConfigured;

export async function signIn(email: string, password: string): Promise<SignInResult> {
  try {
    const loaded = await loadAuth();
    if (!loaded) return notConfigured;
    await loaded.sdk.signInWithEmailAndPassword(loaded.auth, email, password);
    return { status: 'signed_in' };
  } catch (error) {
    return explained(error);
  }
}

/** Makes an account, with which the person is then signed in. */
export async function signUp(email: string, password: string): Promise<SignInResult> {
  try {
    const loaded = await loadAuth();
    if (!loaded) return notConfigured;
    await loaded.sdk.createUserWithEmailAndPassword(loaded.auth, email, password);
    return { status: 'signed_in' };
  } catch (error) {
    return explained(error);
  }
}

/** Sends an e-mail with a link to choose a new password. */
export async function resetPassword(email: string): Promise<ResetResult> {
  try {
    const loaded = await loadAuth();
    if (!loaded) return notConfigured;
    await loaded.sdk.sendPasswordResetEmail(loaded.auth, email);
    return { status: 'sent' };
  } catch (error) {
    return explained(error);
  }
}

/** Ends the session on this device. */
export async function signOut(): Promise<SignOutResult> {
  try {
    const loaded = await loadAuth();
    if (!loaded) return notConfigured;
    await loaded.sdk.signOut(loaded.auth);
    return { status: 'signed_out' };
  } catch (error) {
    return explained(error);
  }
}

const sentences: Record<string, string> = {
  'auth/email-already-in-use': 'There is an account with this e-mail address already.',
  'auth/invalid-credential': 'The e-mail address or the password is wrong.',
  'auth/invalid-email': 'This is not an e-mail address.',
  'auth/network-request-failed': 'There is no connection at the moment.',
  'auth/operation-not-allowed': 'Signing in by e-mail is not turned on in the Firebase project.',
  'auth/too-many-requests': 'Too many tries. Wait a while.',
  'auth/user-disabled': 'This account is disabled.',
  'auth/weak-password': 'Choose a longer password.',
};

/** An error of Auth with a sentence that people can read. */
function explained(error: unknown): Failed {
  const answer = failed(error);
  return { ...answer, message: sentences[answer.code] ?? answer.message };
}
