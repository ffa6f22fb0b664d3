export { default as Purchases, PURCHASES_ERROR_CODE } from 'react-native-purchases';
export type { CustomerInfo, PurchasesOffering, PurchasesPackage } from 'react-native-purchases';
// @if ui
export { /* @if paywall */PAYWALL_RESULT, /* @end */default as RevenueCatUI } from 'react-native-purchases-ui';
// @end

/** Why purchases do not work on this platform; undefined where they do. */
export const unsupported: string | undefined = undefined;
