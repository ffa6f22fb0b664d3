import { isConfigured } from './firebase-app';

/** Google Analytics; undefined without native code. */
export async function loadAnalytics() {
  if (!isConfigured) return undefined;
  const { getAnalytics, logEvent } = await import('@react-native-firebase/analytics');
  const analytics = getAnalytics();
  return {
    log: (name: string, params: Record<string, string | number>) => {
      logEvent(analytics, name, params);
    },
  };
}
