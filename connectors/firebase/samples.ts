import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';

// Keys are put together, or made, here so that no scanner takes one for real.
export const apiKey = (word: string) => `AIza${word.padEnd(35, 'x')}`;
const appId = '1:123456789012:web:0123456789abcdef012345';
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** The key file of a service account whose name has a word that chooses how the simulator behaves. */
export const keyFile = (word = 'good', change: Record<string, unknown> = {}) =>
  JSON.stringify({
    type: 'service_account',
    project_id: 'my-project',
    private_key_id: '0'.repeat(40),
    private_key: privateKey,
    client_email: `firebase-adminsdk-${word}@my-project.iam.gserviceaccount.com`,
    client_id: '1'.repeat(21),
    token_uri: 'https://oauth2.googleapis.com/token',
    ...change,
  });

/** Credentials with a word in the API key and in the service account. */
export const credentials = (word = 'good') => ({
  apiKey: apiKey(word),
  authDomain: 'my-project.firebaseapp.com',
  projectId: 'my-project',
  messagingSenderId: '123456789012',
  appId,
  storageBucket: 'my-project.firebasestorage.app',
  measurementId: 'G-ABCDEF1234',
  serviceAccount: keyFile(word),
});

export const everything = { storage: true, analytics: true };

const flags = [true, false];
/** Every set of options that differs in what the templates leave out. */
export const combinations = ['js', 'native'].flatMap((sdk) =>
  flags.flatMap((auth) =>
    flags.flatMap((firestore) =>
      flags.flatMap((storage) =>
        flags
          .filter((analytics) => auth || firestore || storage || analytics)
          .map((analytics) => ({ sdk, auth, firestore, storage, analytics })),
      ),
    ),
  ),
);

/** A reply in the shape that Google's APIs are described to give. */
export interface Recorded {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}
/** A reply of `fixtures/`. */
export const recorded = (name: string): Recorded =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));
