import { TurboModuleRegistry } from 'react-native';
import type { OneSignal } from 'react-native-onesignal';

export type { InAppMessageClickEvent, NotificationClickEvent } from 'react-native-onesignal';
export type Sdk = typeof OneSignal;

// The package ends the app where its native code is missing, so it is loaded only where that is there.
const native = TurboModuleRegistry.get('OneSignal');

/** Why push notifications do not work here; undefined where they do. */
export const unsupported = native
  ? undefined
  : 'OneSignal needs its native code, which Expo Go and builds made before do not have: build the app anew.';

/** The SDK itself; only to be asked for where `unsupported` is undefined. */
export async function loadSdk(): Promise<Sdk> {
  const sdk = await import('react-native-onesignal');
  return sdk.OneSignal;
}
