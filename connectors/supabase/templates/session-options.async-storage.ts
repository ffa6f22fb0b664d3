import AsyncStorage from '@react-native-async-storage/async-storage';

/** Keeps people signed in between starts of the app. */
export const sessionOptions = { storage: AsyncStorage, detectSessionInUrl: false };
