import { useState } from 'react';
import { ActivityIndicator, Pressable, StyleSheet, Text, View } from 'react-native';

import { PurchaseProblem } from './purchase-problem';
import type { PurchaseResult } from './purchases';

export interface ScreenButtonProps {
  title?: string;
  onResult?: (result: PurchaseResult) => void;
}

interface Props extends ScreenButtonProps {
  title: string;
  show: () => Promise<PurchaseResult>;
}

/** A button that opens one of RevenueCat's screens and shows what went wrong. */
export function ScreenButton({ title, show, onResult }: Props) {
  const [pending, setPending] = useState(false);
  const [result, setResult] = useState<PurchaseResult>();

  async function open() {
    setPending(true);
    const outcome = await show();
    setResult(outcome);
    setPending(false);
    onResult?.(outcome);
  }

  return (
    <View>
      <Pressable
        accessibilityRole="button"
        accessibilityState={{ busy: pending, disabled: pending }}
        disabled={pending}
        onPress={open}
        style={({ pressed }) => [styles.button, (pressed || pending) && styles.dimmed]}
      >
        {pending ? <ActivityIndicator color="#fff" /> : <Text style={styles.title}>{title}</Text>}
      </Pressable>
      <PurchaseProblem result={result} />
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
    backgroundColor: '#0a7d5a',
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
