import { useEffect, useState } from 'react';

import { loadOffering, type Offering, purchase, type PurchaseResult, restore } from './purchases';
import type { PurchasesPackage } from './sdk';

/** What is for sale, whether a purchase is under way, and what came of the last one. */
export function usePurchases() {
  const [offering, setOffering] = useState<Offering>({ status: 'loading' });
  const [pending, setPending] = useState(false);
  const [result, setResult] = useState<PurchaseResult>();

  useEffect(() => {
    let left = false;
    void loadOffering().then((loaded) => {
      if (!left) setOffering(loaded);
    });
    return () => {
      left = true;
    };
  }, []);

  async function run(work: () => Promise<PurchaseResult>) {
    setPending(true);
    const outcome = await work();
    setResult(outcome);
    setPending(false);
    return outcome;
  }

  return {
    offering,
    pending,
    result,
    purchase: (chosen: PurchasesPackage) => run(() => purchase(chosen)),
    restore: () => run(restore),
  };
}
