import { Pressable, StyleSheet, Text } from 'react-native';

import type { Permission } from './permission';
import { usePermission } from './use-permission';

interface Props {
  title?: string;
  onResult?: (permission: Permission) => void;
}

/** A button that asks for permission; gone once people gave it, and where OneSignal does not run. */
export function PermissionButton({ title = 'Turn on notifications', onResult }: Props) {
  const { permission, request } = usePermission();
  if (permission.status === 'granted' || permission.status === 'loading') return null;
  if (permission.status === 'failed' || permission.status === 'not_configured') {
    return __DEV__ ? <Text style={styles.problem}>{permission.message}</Text> : null;
  }

  async function ask() {
    const outcome = await request();
    onResult?.(outcome);
  }

  return (
    <Pressable
      accessibilityRole="button"
      onPress={ask}
      style={({ pressed }) => [styles.button, pressed && styles.dimmed]}
    >
      <Text style={styles.title}>{title}</Text>
    </Pressable>
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
  problem: {
    color: '#b3261e',
    textAlign: 'center',
  },
});
