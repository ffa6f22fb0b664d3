import { isConfigured } from './firebase-app';

export type { User } from '@react-native-firebase/auth';

/** The SDK and the app's Auth, which keeps people signed in between starts; undefined without native code. */
export async function loadAuth() {
  if (!isConfigured) return undefined;
  const sdk = await import('@react-native-firebase/auth');
  return { sdk, auth: sdk.getAuth() };
}
