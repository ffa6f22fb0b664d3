import { PaymentsProvider } from '@payments/react-native';

export function PaymentsConnector({ children }) {
  const key = process.env.EXPO_PUBLIC_PAYMENTS_KEY;
  return key === undefined ? <>{children}</> : <PaymentsProvider publishableKey={key}>{children}</PaymentsProvider>;
}
