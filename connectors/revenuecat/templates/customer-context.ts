import { createContext } from 'react';

import type { Customer } from './purchases';

/** Filled by the provider in `revenuecat-provider.tsx`. */
export const CustomerContext = createContext<Customer>({ status: 'loading' });
