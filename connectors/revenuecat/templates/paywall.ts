import { entitlement } from './config';
import { type PurchaseResult, refreshCustomer, withPurchases } from './purchases';
import { PAYWALL_RESULT, RevenueCatUI } from './sdk';

/** Shows the dashboard's paywall to a customer without the entitlement. Never rejects. */
export function showPaywall(): Promise<PurchaseResult> {
  return withPurchases(async () => {
    const outcome = await RevenueCatUI.presentPaywallIfNeeded({
      requiredEntitlementIdentifier: entitlement,
    });
    if (outcome === PAYWALL_RESULT.CANCELLED) return { status: 'canceled' };
    if (outcome === PAYWALL_RESULT.ERROR) {
      return { status: 'failed', message: 'The paywall could not be shown.' };
    }
    return refreshCustomer();
  });
}
