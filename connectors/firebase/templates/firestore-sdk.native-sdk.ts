import { isConfigured } from './firebase-app';

/** The SDK and the app's database; undefined without native code. */
export async function loadFirestore() {
  if (!isConfigured) return undefined;
  const sdk = await import('@react-native-firebase/firestore');
  return { sdk, firestore: sdk.getFirestore() };
}
