import { StyleSheet, Text } from 'react-native';

import type { CheckoutResult } from './checkout';

/** Says why a checkout did not go through; nothing while there is nothing to say. */
export function CheckoutProblem({ result }: { result: CheckoutResult | undefined }) {
  if (result?.status !== 'failed' && result?.status !== 'not_configured') return null;
  const readable = result.status === 'failed' || __DEV__;
  return (
    <Text accessibilityRole="alert" style={styles.problem}>
      {readable ? result.message : 'Payments are not available at the moment.'}
    </Text>
  );
}

const styles = StyleSheet.create({
  problem: {
    marginTop: 8,
    color: '#b3261e',
    textAlign: 'center',
  },
});
