'use client';

import type { PropsWithChildren } from 'react';

export function VisitsConnector({ children }: PropsWithChildren) {
  return <>{children}</>;
}
