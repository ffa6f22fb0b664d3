import type { ReactNode } from 'react';
import { AnalyticsConnector } from './analytics/provider';
import { PaymentsConnector } from './payments/provider';

/** Wraps the app in what its connectors need. Graft writes this file; settings are in each connector's folder. */
export function ConnectorProviders({ children }: { children: ReactNode }) {
  return (
    <AnalyticsConnector>
      <PaymentsConnector>{children}</PaymentsConnector>
    </AnalyticsConnector>
  );
}
