import { useContext } from 'react';

import { entitlement } from './config';
import { CustomerContext } from './customer-context';

/** Has the customer unlocked this? Not `active` either while loading and when a value is missing. */
export function useEntitlement(identifier: string = entitlement) {
  const customer = useContext(CustomerContext);
  const active =
    customer.status === 'ready' && customer.info.entitlements.active[identifier] !== undefined;
  return { ...customer, active };
}
