import { ActivityIndicator, Pressable, StyleSheet, Text, View } from 'react-native';

import type { CheckoutResult } from './checkout';
import { CheckoutProblem } from './checkout-problem';
import type { ProductId } from './prices';
import { useCheckout } from './use-checkout';

interface Props {
  product: ProductId;
  quantity?: number;
  title?: string;
  onResult?: (result: CheckoutResult) => void;
}

/** A button that sells one product of `prices.ts` and shows what went wrong. */
export function CheckoutButton({ product, quantity, title = 'Pay', onResult }: Props) {
  const { pay, pending, result } = useCheckout();

  async function checkOut() {
    const outcome = await pay(product, quantity);
    onResult?.(outcome);
  }

  return (
    <View>
      <Pressable
        accessibilityRole="button"
        accessibilityState={{ busy: pending, disabled: pending }}
        disabled={pending}
        onPress={checkOut}
        style={({ pressed }) => [styles.button, (pressed || pending) && styles.dimmed]}
      >
        {pending ? <ActivityIndicator color="#fff" /> : <Text style={styles.title}>{title}</Text>}
      </Pressable>
      <CheckoutProblem result={result} />
    </View>
  );
}

const styles = StyleSheet.create({
  button: {
    alignItems: 'center',
    justifyContent: 'center',
    minHeight: 48,
    paddingHorizontal: 24,
    borderRadius: 8,
    backgroundColor: '#635bff',
  },
  dimmed: {
    opacity: 0.6,
  },
  title: {
    color: '#fff',
    fontSize: 16,
    fontWeight: '600',
  },
});
