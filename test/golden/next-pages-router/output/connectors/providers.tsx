'use client';

import type { ReactNode } from 'react';
import { AccountsConnector } from './accounts/provider';
import { VisitsConnector } from './visits/provider';

/** Wraps the app in what its connectors need. Graft writes this file; settings are in each connector's folder. */
export function ConnectorProviders({ children }: { children: ReactNode }) {
  return (
    <AccountsConnector>
      <VisitsConnector>{children}</VisitsConnector>
    </AccountsConnector>
  );
}
