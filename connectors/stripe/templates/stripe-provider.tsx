import { type PropsWithChildren/* @if scheme */, useEffect/* @end */ } from 'react';
// @if scheme
import { Linking } from 'react-native';
// @end

import { missingKey, publishableKey } from './config';
import { /* @if scheme */handleURLCallback, /* @end */StripeProvider } from './sdk';

if (__DEV__ && !publishableKey) {
  console.warn(missingKey.message);
}

// @if settings
const settings = {
  // @if applePay
  merchantIdentifier: '__MERCHANT_IDENTIFIER__',
  // @end
  // @if scheme
  urlScheme: '__SCHEME__',
  // @end
};

// @end
/** Gives the app Stripe's SDK; without a publishable key it only renders its children. */
export function StripeConnector({ children }: PropsWithChildren) {
  // @if scheme
  // A bank's page leads back to the app by a link, which the SDK has to see.
  useEffect(() => {
    const subscription = Linking.addEventListener('url', ({ url }) => {
      void handleURLCallback(url);
    });
    return () => subscription.remove();
  }, []);

  // @end
  if (!publishableKey) return <>{children}</>;
  return (
    <StripeProvider/* @if settings */ {...settings}/* @end */ publishableKey={publishableKey}>
      <>{children}</>
    </StripeProvider>
  );
}
