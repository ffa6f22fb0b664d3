import 'expo-sqlite/localStorage/install';

/** Keeps people signed in between starts of the app. */
export const sessionOptions = { storage: globalThis.localStorage, detectSessionInUrl: false };
