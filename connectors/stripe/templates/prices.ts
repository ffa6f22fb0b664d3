/** All amounts below are in this currency. */
export const currency = '__CURRENCY__';

// @if oneTimePayments
export interface Product {
  name: string;
  /** In the smallest unit of the currency: 1300 is 13.00 USD. */
  amount: number;
}

/** What the app sells. The server charges these amounts, never one that a request names. */
export const products = {
  example: { name: 'Example product', amount: 1300 },
} satisfies Record<string, Product>;

export type ProductId = keyof typeof products;
// @end
// @if both

// @end
// @if subscriptions
export interface Plan {
  name: string;
  /** Lookup key of a recurring price at Stripe: the same in test and live mode, unlike an id. */
  lookupKey: string;
}

/** What people can subscribe to. */
export const plans = {
  monthly: { name: 'Monthly', lookupKey: 'monthly' },
} satisfies Record<string, Plan>;

export type PlanId = keyof typeof plans;
// @end
