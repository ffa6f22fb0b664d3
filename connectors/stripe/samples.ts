import { readFileSync } from 'node:fs';

// Keys are put together here so that no scanner takes one for real.
export const key = (kind: 'pk' | 'sk' | 'rk', mode: 'test' | 'live', word: string) =>
  [kind, mode, word.padEnd(24, 'x')].join('_');
/** Credentials of one mode; the word chooses how the simulator behaves. */
export const pair = (mode: 'test' | 'live', word = 'good') => ({
  publishableKey: key('pk', mode, word),
  secretKey: key(word === 'narrow' ? 'rk' : 'sk', mode, word),
  webhookSecret: ['whsec', 'x'.repeat(32)].join('_'),
});

export const applePay = { applePay: true, merchantIdentifier: 'merchant.com.example.shop' };
export const everything = {
  subscriptions: true,
  webhooks: true,
  googlePay: true,
  currency: 'kwd',
  merchantCountry: 'KW',
  merchantDisplayName: 'Sam\'s "Shop"',
  serverUrl: 'https://api.example.com/v1',
  ...applePay,
};

/** Sets of options that differ in all that the templates leave out. */
export const combinations = [
  {},
  { subscriptions: true },
  { oneTimePayments: false, subscriptions: true, googlePay: true },
  { webhooks: true },
  { ...applePay, currency: 'jpy' },
  everything,
];

/** A reply in the shape that Stripe was seen to give. */
export interface Recorded {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}
/** A reply of `fixtures/`. */
export const recorded = (name: string): Recorded =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));
