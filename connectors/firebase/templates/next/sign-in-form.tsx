'use client';

import { type FormEvent, useState } from 'react';

import type { ResetResult, SignInResult } from '../sign-in';
import { useSignIn } from '../use-sign-in';

interface Props {
  className?: string;
  onResult?: (result: SignInResult) => void;
}

/** Signs in or makes an account with an e-mail address and a password, helps with a forgotten one, and shows what went wrong. */
export function SignInForm({ className, onResult }: Props) {
  const { pending, result, signIn, signUp, resetPassword } = useSignIn(onResult);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const withoutEmail = pending || email === '';
  const incomplete = withoutEmail || password === '';

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    void signIn(email, password);
  }

  return (
    <form className={className} onSubmit={onSubmit} aria-busy={pending}>
      <p>
        <label>
          E-mail{' '}
          <input
            type="email"
            name="email"
            autoComplete="email"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </label>
      </p>
      <p>
        <label>
          Password{' '}
          <input
            type="password"
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
      </p>
      <p>
        <button type="submit" disabled={incomplete}>
          Sign in
        </button>{' '}
        <button type="button" disabled={incomplete} onClick={() => signUp(email, password)}>
          Create an account
        </button>{' '}
        <button type="button" disabled={withoutEmail} onClick={() => resetPassword(email)}>
          Forgot the password
        </button>
      </p>
      <Outcome result={result} />
    </form>
  );
}

function Outcome({ result }: { result: SignInResult | ResetResult | undefined }) {
  if (result?.status === 'sent') {
    return <p role="status">Look into your e-mail to choose a new password.</p>;
  }
  if (result?.status !== 'failed' && result?.status !== 'not_configured') return null;
  const readable = result.status === 'failed' || process.env.NODE_ENV === 'development';
  return (
    <p role="alert" style={{ color: '#b3261e' }}>
      {readable ? result.message : 'Signing in is not available at the moment.'}
    </p>
  );
}
