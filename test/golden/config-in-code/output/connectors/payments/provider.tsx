import type { ReactNode } from 'react';
import { PaymentsProvider } from '@payments/react-native';

interface Props {
  children: ReactNode;
}

export function PaymentsConnector({ children }: Props) {
  const key: string | undefined = process.env.EXPO_PUBLIC_PAYMENTS_KEY;
  return key === undefined ? <>{children}</> : <PaymentsProvider publishableKey={key!}>{children}</PaymentsProvider>;
}
