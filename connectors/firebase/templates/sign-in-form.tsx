import { useState } from 'react';
import { Pressable, StyleSheet, Text, TextInput, View } from 'react-native';

import type { ResetResult, SignInResult } from './sign-in';
import { useSignIn } from './use-sign-in';

interface Props {
  onResult?: (result: SignInResult) => void;
}

/** Signs in or makes an account with an e-mail address and a password, helps with a forgotten one, and shows what went wrong. */
export function SignInForm({ onResult }: Props) {
  const { pending, result, signIn, signUp, resetPassword } = useSignIn(onResult);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const withoutEmail = pending || email === '';
  const incomplete = withoutEmail || password === '';

  return (
    <View style={styles.form}>
      <TextInput
        accessibilityLabel="E-mail"
        autoCapitalize="none"
        autoComplete="email"
        inputMode="email"
        onChangeText={setEmail}
        placeholder="E-mail"
        style={styles.input}
        value={email}
      />
      <TextInput
        accessibilityLabel="Password"
        autoCapitalize="none"
        autoComplete="current-password"
        onChangeText={setPassword}
        placeholder="Password"
        secureTextEntry
        style={styles.input}
        value={password}
      />
      <Button disabled={incomplete} onPress={() => signIn(email, password)} title="Sign in" />
      <Button
        disabled={incomplete}
        onPress={() => signUp(email, password)}
        title="Create an account"
      />
      <Button
        disabled={withoutEmail}
        onPress={() => resetPassword(email)}
        title="Forgot the password"
      />
      <Outcome result={result} />
    </View>
  );
}

interface ButtonProps {
  disabled: boolean;
  onPress: () => void;
  title: string;
}

function Button({ disabled, onPress, title }: ButtonProps) {
  return (
    <Pressable
      accessibilityRole="button"
      accessibilityState={{ disabled }}
      disabled={disabled}
      onPress={onPress}
      style={({ pressed }) => [styles.button, (pressed || disabled) && styles.dimmed]}
    >
      <Text style={styles.title}>{title}</Text>
    </Pressable>
  );
}

function Outcome({ result }: { result: SignInResult | ResetResult | undefined }) {
  if (result?.status === 'sent') {
    return <Text style={styles.note}>Look into your e-mail to choose a new password.</Text>;
  }
  if (result?.status !== 'failed' && result?.status !== 'not_configured') return null;
  const readable = result.status === 'failed' || __DEV__;
  return (
    <Text accessibilityRole="alert" style={[styles.note, styles.problem]}>
      {readable ? result.message : 'Signing in is not available at the moment.'}
    </Text>
  );
}

const styles = StyleSheet.create({
  form: {
    alignSelf: 'stretch',
    gap: 12,
    padding: 16,
  },
  input: {
    minHeight: 48,
    paddingHorizontal: 12,
    borderRadius: 8,
    borderWidth: 1,
    borderColor: '#8a8f98',
    backgroundColor: '#fff',
    color: '#111',
    fontSize: 16,
  },
  button: {
    alignItems: 'center',
    justifyContent: 'center',
    minHeight: 48,
    borderRadius: 8,
    backgroundColor: '#b3450a',
  },
  dimmed: {
    opacity: 0.6,
  },
  title: {
    color: '#fff',
    fontSize: 16,
    fontWeight: '600',
  },
  note: {
    textAlign: 'center',
  },
  problem: {
    color: '#b3261e',
  },
});
