import { Platform } from 'react-native';

/** What customers unlock: the identifier of an entitlement in the RevenueCat dashboard. */
export const entitlement = '__ENTITLEMENT__';

const store = Platform.select({
  android: {
    key: 'EXPO_PUBLIC_REVENUECAT_ANDROID_API_KEY',
    value: process.env.EXPO_PUBLIC_REVENUECAT_ANDROID_API_KEY,
  },
  default: {
    key: 'EXPO_PUBLIC_REVENUECAT_IOS_API_KEY',
    value: process.env.EXPO_PUBLIC_REVENUECAT_IOS_API_KEY,
  },
});

// The Test Store needs no store and works in Expo Go; a release with its key would not start.
const testStore = __DEV__ ? process.env.EXPO_PUBLIC_REVENUECAT_TEST_API_KEY : undefined;

/** Undefined while the environment has no value: the app renders, purchases say what is missing. */
export const apiKey = testStore || store.value;

export const missingKey = {
  key: store.key,
  message:
    `${store.key} is not set. Bring it into .env.local: in Graft, run ` +
    '`npm run -s env -- pull <project> <environment> --to <app>`. Then restart the app.',
};
