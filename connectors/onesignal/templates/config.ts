const value = process.env.EXPO_PUBLIC_ONESIGNAL_APP_ID ?? '';

/** Undefined while the environment has no App ID: the app renders, whatever asks OneSignal says what is missing. */
export const appId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value) ? value : undefined;

export const missingKey = {
  key: 'EXPO_PUBLIC_ONESIGNAL_APP_ID',
  message:
    'EXPO_PUBLIC_ONESIGNAL_APP_ID is not set. Bring it into .env.local: in Graft, run ' +
    '`npm run -s env -- pull <project> <environment> --to <app>`. Then restart the app.',
};
