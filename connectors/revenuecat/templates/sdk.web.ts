// The keys of the App Store and Google Play do not work on the web, so there the app runs without RevenueCat's SDK.
export const unsupported = 'Purchases are available in the iOS and Android apps.';

// Nobody reaches these: everything asks for `unsupported` first.
export const Purchases = {};
export const PURCHASES_ERROR_CODE = {};
// @if ui
export const RevenueCatUI = {};
// @end
// @if paywall
export const PAYWALL_RESULT = {};
// @end
