import type { NotConfigured } from './config';

const apiKey = process.env.EXPO_PUBLIC_FIREBASE_API_KEY;
const authDomain = process.env.EXPO_PUBLIC_FIREBASE_AUTH_DOMAIN;
const projectId = process.env.EXPO_PUBLIC_FIREBASE_PROJECT_ID;
const messagingSenderId = process.env.EXPO_PUBLIC_FIREBASE_MESSAGING_SENDER_ID;
const appId = process.env.EXPO_PUBLIC_FIREBASE_APP_ID;
// @if storage
const storageBucket = process.env.EXPO_PUBLIC_FIREBASE_STORAGE_BUCKET;
// @end
// @if analytics
const measurementId = process.env.EXPO_PUBLIC_FIREBASE_MEASUREMENT_ID;
// @end

/** The project's values; undefined while one is missing: the app renders, and whatever asks Firebase says which. */
export const webConfig =
  apiKey && authDomain && projectId && messagingSenderId && appId/* @if storage */ && storageBucket/* @end */
    ? {
        apiKey,
        authDomain,
        projectId,
        messagingSenderId,
        appId,
        // @if storage
        storageBucket,
        // @end
        // @if analytics
        ...(measurementId ? { measurementId } : {}),
        // @end
      }
    : undefined;

let missingKey = 'EXPO_PUBLIC_FIREBASE_API_KEY';
// @if storage
if (!storageBucket) missingKey = 'EXPO_PUBLIC_FIREBASE_STORAGE_BUCKET';
// @end
if (!appId) missingKey = 'EXPO_PUBLIC_FIREBASE_APP_ID';
if (!messagingSenderId) missingKey = 'EXPO_PUBLIC_FIREBASE_MESSAGING_SENDER_ID';
if (!projectId) missingKey = 'EXPO_PUBLIC_FIREBASE_PROJECT_ID';
if (!authDomain) missingKey = 'EXPO_PUBLIC_FIREBASE_AUTH_DOMAIN';
if (!apiKey) missingKey = 'EXPO_PUBLIC_FIREBASE_API_KEY';

export const notConfigured: NotConfigured = {
  status: 'not_configured',
  key: missingKey,
  message:
    `${missingKey} is not set. Bring it into .env.local: in Graft, run ` +
    '`npm run -s env -- pull <project> <environment> --to <app>`. Then restart the app.',
};
