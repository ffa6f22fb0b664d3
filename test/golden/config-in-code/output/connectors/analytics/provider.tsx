import type { PropsWithChildren } from 'react';

export function AnalyticsConnector({ children }: PropsWithChildren) {
  return <>{children}</>;
}
