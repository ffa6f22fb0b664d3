// @if next
'use client';

// @end
import { useState } from 'react';

import { resetPassword, type ResetResult, signIn, type SignInResult, signUp } from './sign-in';

/** Signing in for a component: whether it is under way, what came of it, and the functions that begin it. */
export function useSignIn(onResult?: (result: SignInResult) => void) {
  const [pending, setPending] = useState(false);
  const [result, setResult] = useState<SignInResult | ResetResult>();

  async function run<Result extends SignInResult | ResetResult>(answer: Promise<Result>) {
    setPending(true);
    const outcome = await answer;
    setResult(outcome);
    setPending(false);
    return outcome;
  }

  async function enter(answer: Promise<SignInResult>) {
    const outcome = await run(answer);
    onResult?.(outcome);
    return outcome;
  }

  return {
    pending,
    result,
    signIn: (email: string, password: string) => enter(signIn(email.trim(), password)),
    signUp: (email: string, password: string) => enter(signUp(email.trim(), password)),
    resetPassword: (email: string) => run(resetPassword(email.trim())),
  };
}
