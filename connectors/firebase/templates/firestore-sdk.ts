import {
  addDoc,
  collection,
  getDocs,
  getFirestore,
  limit,
  onSnapshot,
  query,
} from 'firebase/firestore';

import { firebaseApp } from './firebase-app';

const sdk = { addDoc, collection, getDocs, limit, onSnapshot, query };

/** The SDK and the app's database; undefined while a value is missing. */
export async function loadFirestore() {
  return firebaseApp && { sdk, firestore: getFirestore(firebaseApp) };
}
