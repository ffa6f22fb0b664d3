'use client';

import { AccountsConnector } from './accounts/provider';

/** Wraps the app in what its connectors need. Graft writes this file; settings are in each connector's folder. */
export function ConnectorProviders({ children }) {
  return <AccountsConnector>{children}</AccountsConnector>;
}
