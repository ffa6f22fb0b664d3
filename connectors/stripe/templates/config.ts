/** Undefined while the environment has no value: the app renders, checkouts say what is missing. */
export const publishableKey = process.env.EXPO_PUBLIC_STRIPE_PUBLISHABLE_KEY;

export const missingKey = {
  key: 'EXPO_PUBLIC_STRIPE_PUBLISHABLE_KEY',
  message:
    'EXPO_PUBLIC_STRIPE_PUBLISHABLE_KEY is not set. Bring it into .env.local: in Graft, run ' +
    '`npm run -s env -- pull <project> <environment> --to <app>`. Then restart the app.',
};

/** The name of the business on the payment sheet. */
export const storeName = '__MERCHANT_DISPLAY_NAME__';

// @if wallets
/** The country of the business, for the wallets. */
export const country = '__MERCHANT_COUNTRY__';

// @end
// @if sameOrigin
/** Where `server/` runs: empty means the app's own API routes. */
// @end
// @if !sameOrigin
/** Where `server/` runs, such as `https://api.example.com`. */
// @end
export const serverUrl: string = '__SERVER_URL__';
