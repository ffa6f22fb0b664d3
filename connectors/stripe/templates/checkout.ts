import { /* @if wallets */country, /* @end */missingKey, publishableKey, serverUrl, storeName } from './config';
import type { /* @if subscriptions */PlanId/* @end *//* @if both */, /* @end *//* @if oneTimePayments */ProductId/* @end */ } from './prices';
import { initPaymentSheet, presentPaymentSheet } from './sdk';

export type CheckoutResult =
  /** The sheet is done. Deliver the goods when Stripe's webhook says that the money came. */
  | { status: 'completed' }
  | { status: 'canceled' }
  | { status: 'failed'; message: string }
  /** A value is missing in the app or on the server; `message` says how to bring it. */
  | { status: 'not_configured'; key: string; message: string };

// The same order again, after a cancel say, goes on with the payment that was begun.
let attempt: { order: string; key: string } | undefined;

// @if oneTimePayments
/** Sells a product of `prices.ts` through the payment sheet. Never rejects. */
export function pay(product: ProductId, quantity = 1): Promise<CheckoutResult> {
  return checkOut('/api/stripe/payment-intent', { product, quantity });
}

// @end
// @if subscriptions
/** Starts a subscription to a plan of `prices.ts` and takes its first payment. Never rejects. */
export function subscribe(plan: PlanId, email: string): Promise<CheckoutResult> {
  return checkOut('/api/stripe/subscription', { plan, email });
}

// @end
async function checkOut(path: string, order: object): Promise<CheckoutResult> {
  if (!publishableKey) return { status: 'not_configured', ...missingKey };
  // @if !sameOrigin
  if (!serverUrl) {
    return {
      status: 'not_configured',
      key: 'serverUrl',
      message: 'Set serverUrl in __FOLDER__/config.ts to the address of your server.',
    };
  }
  // @end
  const payment = await startPayment(path, JSON.stringify(order));
  if ('status' in payment) return payment;

  const prepared = await initPaymentSheet({
    merchantDisplayName: storeName,
    paymentIntentClientSecret: payment.clientSecret,
    // @if applePay
    applePay: { merchantCountryCode: country },
    // @end
    // @if googlePay
    googlePay: { merchantCountryCode: country, testEnv: publishableKey.startsWith('pk_test_') },
    // @end
    // @if scheme
    returnURL: '__SCHEME__://stripe-redirect',
    // @end
  });
  if (prepared.error) return { status: 'failed', message: prepared.error.message };

  const { error } = await presentPaymentSheet();
  if (error?.code === 'Canceled') return { status: 'canceled' };
  if (error) return { status: 'failed', message: error.message };
  attempt = undefined;
  return { status: 'completed' };
}

function attemptKey(order: string): string {
  if (attempt?.order !== order) {
    attempt = { order, key: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}` };
  }
  return attempt.key;
}

async function startPayment(
  path: string,
  order: string,
): Promise<{ clientSecret: string } | CheckoutResult> {
  try {
    const response = await fetch(`${serverUrl}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': attemptKey(order) },
      body: order,
    });
    const answer = await response.json();
    if (typeof answer.clientSecret === 'string') return { clientSecret: answer.clientSecret };
    const message = answer.message ?? `The server answered with status ${response.status}.`;
    if (answer.error !== 'not_configured') return { status: 'failed', message };
    return { status: 'not_configured', key: answer.key, message };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { status: 'failed', message: `No usable answer from the payment server: ${reason}` };
  }
}
