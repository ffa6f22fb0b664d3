'use client';

import type { ReactNode } from 'react';
import { AccountsProvider } from '@accounts/react';

export function AccountsConnector({ children }: { children: ReactNode }) {
  const id = process.env.NEXT_PUBLIC_ACCOUNTS_ID;
  return id ? <AccountsProvider id={id}>{children}</AccountsProvider> : <>{children}</>;
}
