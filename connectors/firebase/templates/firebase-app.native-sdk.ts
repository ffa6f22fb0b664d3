import { TurboModuleRegistry } from 'react-native';

import type { NotConfigured } from './config';

// The packages end the app where their native code is missing, so they are loaded only where this is true.
export const isConfigured = TurboModuleRegistry.get('NativeRNFBTurboApp') !== null;

export const notConfigured: NotConfigured = {
  status: 'not_configured',
  key: 'googleServicesFile',
  message:
    'Firebase needs its native code, which Expo Go and builds made before do not have: name ' +
    'google-services.json and GoogleService-Info.plist in app.json, then build the app anew.',
};
