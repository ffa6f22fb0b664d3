'use client';

import { type FormEvent, useState } from 'react';

import { signIn, type SignInResult, signUp } from '../sign-in';

interface Props {
  className?: string;
  onResult?: (result: SignInResult) => void;
}

/** Signs in or makes an account with an e-mail address and a password, and shows what went wrong. */
export function SignInForm({ className, onResult }: Props) {
  const [pending, setPending] = useState(false);
  const [result, setResult] = useState<SignInResult>();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const { submitter } = event.nativeEvent as SubmitEvent;
    const action = submitter?.getAttribute('value') === 'sign-up' ? signUp : signIn;
    const data = new FormData(event.currentTarget);
    setPending(true);
    const outcome = await action(String(data.get('email')), String(data.get('password')));
    setResult(outcome);
    setPending(false);
    onResult?.(outcome);
  }

  // Before the page's scripts have run, a form without a method would put the password into the address.
  return (
    <form method="post" onSubmit={submit} aria-busy={pending} className={className}>
      <p>
        <label>
          E-mail <input name="email" type="email" autoComplete="email" required />
        </label>
      </p>
      <p>
        <label>
          Password{' '}
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
      </p>
      <button type="submit" disabled={pending}>
        Sign in
      </button>{' '}
      <button type="submit" value="sign-up" disabled={pending}>
        Create an account
      </button>
      <Outcome result={result} />
    </form>
  );
}

function Outcome({ result }: { result: SignInResult | undefined }) {
  if (result?.status === 'check_email') {
    return <p role="status">Look into your e-mail to go on.</p>;
  }
  if (result?.status !== 'failed' && result?.status !== 'not_configured') return null;
  const readable = result.status === 'failed' || process.env.NODE_ENV === 'development';
  return (
    <p role="alert" style={{ color: '#b3261e' }}>
      {readable ? result.message : 'Signing in is not available at the moment.'}
    </p>
  );
}
