import type { PropsWithChildren } from 'react';

// Stripe's SDK does not bundle for the web, so there the app runs without it.
const error = { code: 'Failed', message: 'Payments are available in the iOS and Android apps.' };

export function StripeProvider({ children }: PropsWithChildren) {
  return children;
}

export async function initPaymentSheet() {
  return { error };
}

export async function presentPaymentSheet() {
  return { error };
}

export async function handleURLCallback() {
  return false;
}
