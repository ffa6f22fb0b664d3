import { useState } from 'react';

import { type CheckoutResult/* @if oneTimePayments */, pay/* @end *//* @if subscriptions */, subscribe/* @end */ } from './checkout';
import type { /* @if subscriptions */PlanId/* @end *//* @if both */, /* @end *//* @if oneTimePayments */ProductId/* @end */ } from './prices';

/** Checkouts for a component: whether one is under way, and what came of the last one. */
export function useCheckout() {
  const [pending, setPending] = useState(false);
  const [result, setResult] = useState<CheckoutResult>();

  async function run(checkout: () => Promise<CheckoutResult>) {
    setPending(true);
    const outcome = await checkout();
    setResult(outcome);
    setPending(false);
    return outcome;
  }

  return {
    pending,
    result,
    // @if oneTimePayments
    pay: (product: ProductId, quantity?: number) => run(() => pay(product, quantity)),
    // @end
    // @if subscriptions
    subscribe: (plan: PlanId, email: string) => run(() => subscribe(plan, email)),
    // @end
  };
}
