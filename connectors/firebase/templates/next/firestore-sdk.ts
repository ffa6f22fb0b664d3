import { firebaseApp } from '../firebase-app';

/** The SDK and the app's database; undefined while a value is missing. */
export async function loadFirestore() {
  if (!firebaseApp) return undefined;
  const sdk = await import('firebase/firestore');
  return { sdk, firestore: sdk.getFirestore(firebaseApp) };
}
