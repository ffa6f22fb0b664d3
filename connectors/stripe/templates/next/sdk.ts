import type { Stripe } from '@stripe/stripe-js';
import { loadStripe } from '@stripe/stripe-js/pure';

import { publishableKey } from '../config';

interface Payment {
  /** The name of the business, above the form. */
  merchantDisplayName: string;
  paymentIntentClientSecret: string;
}

type Outcome = { error?: { code: 'Canceled' | 'Failed'; message: string } };

/** A payment that the sheet shows. */
export interface OpenPayment extends Payment {
  stripe: Stripe;
  finish: (outcome: Outcome) => void;
}

let prepared: (Payment & { stripe: Stripe }) | undefined;
let open: OpenPayment | undefined;
const sheets = new Set<() => void>();

/** The payment that is open now. */
export const openPayment = () => open;

/** Tells a payment sheet of the page when a payment opens or ends. */
export function onPaymentChange(listener: () => void) {
  sheets.add(listener);
  return () => void sheets.delete(listener);
}

function setOpen(payment: OpenPayment | undefined) {
  open = payment;
  for (const tell of sheets) tell();
}

/** Loads Stripe.js, which its terms want from Stripe itself, and keeps the payment for the sheet. */
export async function initPaymentSheet(payment: Payment): Promise<Outcome> {
  if (sheets.size === 0) return failed('There is no <StripeConnector> around the page.');
  if (open) return failed('Another payment is under way.');
  try {
    const stripe = await loadStripe(publishableKey ?? '');
    if (!stripe) return failed('Payments run in the browser only.');
    prepared = { ...payment, stripe };
    return {};
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

/** Shows the payment that was prepared, until the customer has paid or closed the sheet. */
export function presentPaymentSheet(): Promise<Outcome> {
  const payment = prepared;
  if (!payment) return Promise.resolve(failed('No payment was prepared.'));
  prepared = undefined;
  return new Promise((resolve) => {
    const finish = (outcome: Outcome) => {
      setOpen(undefined);
      resolve(outcome);
    };
    setOpen({ ...payment, finish });
  });
}

function failed(message: string): Outcome {
  return { error: { code: 'Failed', message } };
}
