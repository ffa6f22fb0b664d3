'use client';

import type { CheckoutResult } from '../checkout';
import { type PlanId, plans } from '../prices';
import { useCheckout } from '../use-checkout';
import { CheckoutProblem } from './checkout-problem';

interface Props {
  /** Of the signed-in person; Stripe sends the receipts there. */
  email: string;
  className?: string;
  onResult?: (result: CheckoutResult, plan: PlanId) => void;
}

/** The plans of `prices.ts`, each with a button that subscribes to it. */
export function SubscriptionPlans({ email, className, onResult }: Props) {
  const { subscribe, pending, result } = useCheckout();

  async function choose(plan: PlanId) {
    const outcome = await subscribe(plan, email);
    onResult?.(outcome, plan);
  }

  return (
    <div className={className}>
      <ul>
        {(Object.keys(plans) as PlanId[]).map((plan) => (
          <li key={plan}>
            {plans[plan].name}{' '}
            <button
              type="button"
              aria-busy={pending}
              disabled={pending}
              onClick={() => choose(plan)}
            >
              Subscribe
            </button>
          </li>
        ))}
      </ul>
      <CheckoutProblem result={result} />
    </div>
  );
}
