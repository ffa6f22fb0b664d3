import { Pressable, StyleSheet, Text, View } from 'react-native';

import type { CheckoutResult } from './checkout';
import { CheckoutProblem } from './checkout-problem';
import { type PlanId, plans } from './prices';
import { useCheckout } from './use-checkout';

interface Props {
  /** Of the signed-in person; Stripe sends the receipts there. */
  email: string;
  onResult?: (result: CheckoutResult, plan: PlanId) => void;
}

/** The plans of `prices.ts`, each with a button that subscribes to it. */
export function SubscriptionPlans({ email, onResult }: Props) {
  const { subscribe, pending, result } = useCheckout();

  async function choose(plan: PlanId) {
    const outcome = await subscribe(plan, email);
    onResult?.(outcome, plan);
  }

  return (
    <View style={styles.list}>
      {(Object.keys(plans) as PlanId[]).map((plan) => (
        <Pressable
          key={plan}
          accessibilityRole="button"
          accessibilityState={{ busy: pending, disabled: pending }}
          disabled={pending}
          onPress={() => choose(plan)}
          style={({ pressed }) => [styles.plan, (pressed || pending) && styles.dimmed]}
        >
          <Text style={styles.name}>{plans[plan].name}</Text>
          <Text style={styles.action}>Subscribe</Text>
        </Pressable>
      ))}
      <CheckoutProblem result={result} />
    </View>
  );
}

const styles = StyleSheet.create({
  list: {
    gap: 12,
  },
  plan: {
    flexDirection: 'row',
    justifyContent: 'space-between',
    alignItems: 'center',
    minHeight: 56,
    paddingHorizontal: 16,
    borderRadius: 8,
    borderWidth: 1,
    borderColor: '#635bff',
  },
  dimmed: {
    opacity: 0.6,
  },
  name: {
    fontSize: 16,
  },
  action: {
    color: '#635bff',
    fontSize: 16,
    fontWeight: '600',
  },
});
