import { type PropsWithChildren, useEffect, useState } from 'react';

import { apiKey, missingKey } from './config';
import { CustomerContext } from './customer-context';
import { type Customer, watchCustomer } from './purchases';
import { unsupported } from './sdk';

if (__DEV__ && !unsupported && !apiKey) {
  console.warn(missingKey.message);
}

/** Sets up RevenueCat's SDK and gives the app its customer; without a key it only renders its children. */
export function RevenueCatConnector({ children }: PropsWithChildren) {
  const [customer, setCustomer] = useState<Customer>({ status: 'loading' });
  useEffect(() => watchCustomer(setCustomer), []);
  return <CustomerContext.Provider value={customer}>{children}</CustomerContext.Provider>;
}
