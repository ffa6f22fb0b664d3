import { readFileSync } from 'node:fs';

// Keys are put together here so that no scanner takes one for real.
export const key = (prefix: string, word: string) => [prefix, word.padEnd(24, 'x')].join('_');

/** Keys of one project, as the simulator has it; `test` brings the Test Store's. The word chooses how the simulator behaves. */
export const keysOf = (mode: 'test' | 'live', word = 'good') => ({
  iosKey: key('appl', word),
  androidKey: key('goog', word),
  ...(mode === 'test' && { testStoreKey: key('test', word) }),
  secretKey: key('sk', word),
});

/** Sets of options that differ in all that the templates leave out. */
export const combinations = [
  {},
  { paywall: true },
  { customerCenter: true, entitlement: "Sam's Pro" },
  { paywall: true, customerCenter: true, entitlement: 'all_access' },
];

/** A reply in the shape that RevenueCat documents. */
export interface Recorded {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}
/** A reply of `fixtures/`. */
export const recorded = (name: string): Recorded =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));
