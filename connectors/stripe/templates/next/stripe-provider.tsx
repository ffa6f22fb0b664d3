'use client';

import type { PropsWithChildren } from 'react';

import { missingKey, publishableKey } from '../config';
import { PaymentSheet } from './payment-sheet';

if (process.env.NODE_ENV === 'development' && !publishableKey) {
  console.warn(missingKey.message);
}

/** Gives the app the sheet that payments open; without a publishable key it only renders its children. */
export function StripeConnector({ children }: PropsWithChildren) {
  return (
    <>
      {children}
      {publishableKey ? <PaymentSheet /> : null}
    </>
  );
}
