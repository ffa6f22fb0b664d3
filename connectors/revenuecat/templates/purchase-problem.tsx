import { StyleSheet, Text } from 'react-native';

import type { Offering, PurchaseResult } from './purchases';

/** Says why something did not go through; nothing while there is nothing to say. */
export function PurchaseProblem({ result }: { result: Offering | PurchaseResult | undefined }) {
  if (result?.status !== 'failed' && result?.status !== 'not_configured') return null;
  const readable = result.status === 'failed' || __DEV__;
  return (
    <Text accessibilityRole="alert" style={styles.problem}>
      {readable ? result.message : 'Purchases are not available at the moment.'}
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
