import { readFileSync } from 'node:fs';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
export const appId = '0a1b2c3d-4e5f-4a6b-8c7d-8e9f0a1b2c3d';

/** The first 16 bytes of a key, as OneSignal's keys have them: the App ID in base32. */
function base32(id: string): string {
  const bits = Array.from(id.replaceAll('-', ''), (digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0'));
  const fives = bits.join('').padEnd(130, '0').match(/.{5}/g) ?? [];
  return fives.map((five) => alphabet[Number.parseInt(five, 2)]).join('');
}

// Keys are put together here so that no scanner takes one for real.
export const key = (word: string, app = appId) =>
  `${['os', 'v2', 'app'].join('_')}_${(base32(app) + word).padEnd(103, 'x')}`;

/** Values of one app, as the simulator has it. The word chooses how the simulator behaves. */
export const valuesOf = (word = 'good') => ({ appId, apiKey: key(word) });

/** Sets of options that differ in all that the templates leave out. */
export const combinations = [
  {},
  { inAppMessages: false },
  { permissionPrompt: 'start', mode: 'development' },
  { permissionPrompt: 'provisional', inAppMessages: false },
];

/** A reply in the shape that OneSignal documents. */
export interface Recorded {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}
/** A reply of `fixtures/`. */
export const recorded = (name: string): Recorded =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));
