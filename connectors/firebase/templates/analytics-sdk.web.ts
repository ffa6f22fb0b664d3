import { getAnalytics, isSupported, logEvent } from 'firebase/analytics';

import { firebaseApp } from './firebase-app';

/** Google Analytics; undefined while a value is missing, and in browsers that cannot keep what it needs. */
export async function loadAnalytics() {
  if (!firebaseApp || !(await isSupported())) return undefined;
  const analytics = getAnalytics(firebaseApp);
  return {
    log: (name: string, params: Record<string, string | number>) => {
      logEvent(analytics, name, params);
    },
  };
}
