import { ActivityIndicator, Pressable, StyleSheet, Text, View } from 'react-native';

import { PurchaseProblem } from './purchase-problem';
import type { PurchaseResult } from './purchases';
import type { PurchasesPackage } from './sdk';
import { usePurchases } from './use-purchases';

interface Props {
  onResult?: (result: PurchaseResult) => void;
}

/** The packages of the current offering, each with a button that buys it, and one that restores. */
export function PackageList({ onResult }: Props) {
  const { offering, pending, purchase, restore, result } = usePurchases();
  if (offering.status === 'loading') return <ActivityIndicator />;
  if (offering.status !== 'ready') return <PurchaseProblem result={offering} />;

  const packages = offering.offering?.availablePackages ?? [];

  async function buy(chosen: PurchasesPackage) {
    const outcome = await purchase(chosen);
    onResult?.(outcome);
  }

  async function bringBack() {
    const outcome = await restore();
    onResult?.(outcome);
  }

  return (
    <View style={styles.list}>
      {packages.length === 0 && <Text style={styles.note}>Nothing is for sale at the moment.</Text>}
      {packages.map((one) => (
        <Pressable
          key={one.identifier}
          accessibilityRole="button"
          accessibilityState={{ busy: pending, disabled: pending }}
          disabled={pending}
          onPress={() => buy(one)}
          style={({ pressed }) => [styles.package, (pressed || pending) && styles.dimmed]}
        >
          <Text style={styles.name}>{one.product.title}</Text>
          <Text style={styles.price}>{one.product.priceString}</Text>
        </Pressable>
      ))}
      <Pressable accessibilityRole="button" disabled={pending} onPress={bringBack}>
        <Text style={styles.restore}>Restore purchases</Text>
      </Pressable>
      {result?.status === 'nothing_found' && (
        <Text style={styles.note}>There is nothing to restore.</Text>
      )}
      {result?.status === 'pending' && (
        <Text style={styles.note}>The purchase waits for approval.</Text>
      )}
      <PurchaseProblem result={result} />
    </View>
  );
}

const styles = StyleSheet.create({
  list: {
    gap: 12,
  },
  package: {
    flexDirection: 'row',
    justifyContent: 'space-between',
    alignItems: 'center',
    gap: 16,
    minHeight: 56,
    paddingHorizontal: 16,
    borderRadius: 8,
    borderWidth: 1,
    borderColor: '#0a7d5a',
  },
  dimmed: {
    opacity: 0.6,
  },
  name: {
    flexShrink: 1,
    fontSize: 16,
  },
  price: {
    color: '#0a7d5a',
    fontSize: 16,
    fontWeight: '600',
  },
  restore: {
    paddingVertical: 12,
    textAlign: 'center',
    textDecorationLine: 'underline',
  },
  note: {
    textAlign: 'center',
  },
});
