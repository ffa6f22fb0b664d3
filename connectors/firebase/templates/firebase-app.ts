import { getApps, initializeApp } from 'firebase/app';

import { webConfig } from './web-config';

export { notConfigured } from './web-config';

// The app may have set Firebase up itself, or this module did before a fast refresh.
const existing = getApps().find(({ name }) => name === '[DEFAULT]');

/** The app at Firebase; undefined while a value is missing. */
export const firebaseApp = webConfig && (existing ?? initializeApp(webConfig));

export const isConfigured = firebaseApp !== undefined;
