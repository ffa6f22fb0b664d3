import { readFileSync } from 'node:fs';

// Keys are put together here so that no scanner takes one for real.
export const key = (kind: 'publishable' | 'secret' | 'temp', word: string) =>
  ['sb', kind, word.padEnd(22, 'x'), 'xxxxxxxx'].join('_');
export const ref = 'abcdefghijklmnopqrst';
export const projectUrl = `https://${ref}.supabase.co`;

/** A legacy key with this role; the word, in its signature, chooses how the simulator behaves. */
export const legacyKey = (role: string, change: Record<string, unknown> = {}, word = 'good') => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { iss: 'supabase', ref, role, iat: 1_700_000_000, exp: 4_000_000_000, ...change };
  return [part({ alg: 'HS256', typ: 'JWT' }), part(payload), word.padEnd(43, 'x')].join('.');
};

/** Credentials whose keys have a word that chooses how the simulator behaves. */
export const credentials = (word = 'good') => ({
  projectUrl,
  publishableKey: key('publishable', word),
  secretKey: key('secret', word),
});

export const everything = {
  oauth: true,
  accountDeletion: true,
  serverUrl: 'https://api.example.com/v1',
  realtime: true,
  table: 'notes',
  storage: true,
  bucket: 'notes-files',
};

const flags = [true, false];
/** Every set of options that differs in what the templates leave out, but for texts. */
export const combinations = flags.flatMap((database) =>
  flags.flatMap((realtime) =>
    flags.flatMap((storage) => [
      ...(database || realtime || storage ? [{ auth: false, database, realtime, storage }] : []),
      ...flags.flatMap((oauth) =>
        flags.flatMap((accountDeletion) =>
          ['sqlite', 'async-storage'].map((sessionStorage) => ({
            ...{ database, realtime, storage, oauth, accountDeletion, sessionStorage },
          })),
        ),
      ),
    ]),
  ),
);

/** A reply in the shape that Supabase was seen to give. */
export interface Recorded {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}
/** A reply of `fixtures/`. */
export const recorded = (name: string): Recorded =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));
