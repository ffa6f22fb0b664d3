import { type PurchaseResult, refreshCustomer, withPurchases } from './purchases';
import { RevenueCatUI } from './sdk';

/** Opens the screen where customers manage, cancel and restore. Never rejects. */
export function showCustomerCenter(): Promise<PurchaseResult> {
  return withPurchases(async () => {
    await RevenueCatUI.presentCustomerCenter();
    return refreshCustomer();
  });
}
