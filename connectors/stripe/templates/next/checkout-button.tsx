'use client';

import type { CheckoutResult } from '../checkout';
import type { ProductId } from '../prices';
import { useCheckout } from '../use-checkout';
import { CheckoutProblem } from './checkout-problem';

interface Props {
  product: ProductId;
  quantity?: number;
  title?: string;
  className?: string;
  onResult?: (result: CheckoutResult) => void;
}

/** A button that sells one product of `prices.ts` and shows what went wrong. */
export function CheckoutButton({ product, quantity, title = 'Pay', className, onResult }: Props) {
  const { pay, pending, result } = useCheckout();

  async function checkOut() {
    const outcome = await pay(product, quantity);
    onResult?.(outcome);
  }

  return (
    <div>
      <button
        type="button"
        aria-busy={pending}
        disabled={pending}
        onClick={checkOut}
        className={className}
      >
        {title}
      </button>
      <CheckoutProblem result={result} />
    </div>
  );
}
