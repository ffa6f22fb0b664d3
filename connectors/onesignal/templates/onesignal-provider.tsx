import { type PropsWithChildren, useEffect } from 'react';

import { appId, missingKey } from './config';
import { setUp } from './onesignal';
import { unsupported } from './sdk';

if (__DEV__ && !unsupported && !appId) {
  console.warn(missingKey.message);
}

/** Sets up OneSignal's SDK when the app starts; without an App ID it only renders its children. */
export function OneSignalConnector({ children }: PropsWithChildren) {
  useEffect(() => {
    void setUp();
  }, []);
  return children;
}
