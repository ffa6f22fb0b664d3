import {
  createUserWithEmailAndPassword,
  getAuth,
  onAuthStateChanged,
  sendPasswordResetEmail,
  signInWithEmailAndPassword,
  signOut,
} from 'firebase/auth';

import { firebaseApp } from './firebase-app';

export type { User } from 'firebase/auth';

const sdk = {
  createUserWithEmailAndPassword,
  onAuthStateChanged,
  sendPasswordResetEmail,
  signInWithEmailAndPassword,
  signOut,
};

/** A browser keeps people signed in by itself. */
export async function loadAuth() {
  return firebaseApp && { sdk, auth: getAuth(firebaseApp) };
}
