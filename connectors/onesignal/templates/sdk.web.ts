// OneSignal's React Native SDK has no web build, so on the web the app runs without it.
export const unsupported = 'Push notifications are available in the iOS and Android apps.';

// Nobody reaches this: everything asks for `unsupported` first.
export async function loadSdk(): Promise<never> {
  throw new Error(unsupported);
}
