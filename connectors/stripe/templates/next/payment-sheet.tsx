'use client';

import { Elements, PaymentElement, useElements, useStripe } from '@stripe/react-stripe-js';
import {
  type CSSProperties,
  type FormEvent,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';

import { onPaymentChange, openPayment, type OpenPayment } from './sdk';

/** Shows the payment that is under way above the page; nothing while there is none. */
export function PaymentSheet() {
  const payment = useSyncExternalStore(onPaymentChange, openPayment, () => undefined);
  if (!payment) return null;
  const clientSecret = payment.paymentIntentClientSecret;
  return (
    <Elements key={clientSecret} stripe={payment.stripe} options={{ clientSecret }}>
      <PaymentForm payment={payment} />
    </Elements>
  );
}

function PaymentForm({ payment }: { payment: OpenPayment }) {
  const stripe = useStripe();
  const elements = useElements();
  const closeButton = useRef<HTMLButtonElement>(null);
  const [ready, setReady] = useState(false);
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<string>();

  useEffect(() => closeButton.current?.focus(), []);

  function close() {
    if (pending) return;
    payment.finish({ error: { code: 'Canceled', message: 'The payment was canceled.' } });
  }

  async function confirm(event: FormEvent) {
    event.preventDefault();
    if (!stripe || !elements) return;
    setPending(true);
    setProblem(undefined);
    // Payment methods that lead through another page come back to this one, with what came of it in its address.
    const { error } = await stripe.confirmPayment({
      elements,
      confirmParams: { return_url: window.location.href },
      redirect: 'if_required',
    });
    if (!error) return payment.finish({});
    setProblem(error.message ?? 'The payment did not go through.');
    setPending(false);
  }

  // Not a <dialog>: the bank's page, which Stripe.js puts on top, would be out of reach behind it.
  return (
    <div style={styles.backdrop}>
      <form
        role="dialog"
        aria-modal="true"
        aria-label={`Payment to ${payment.merchantDisplayName}`}
        onSubmit={confirm}
        onKeyDown={(event) => event.key === 'Escape' && close()}
        style={styles.sheet}
      >
        <div style={styles.head}>
          <strong>{payment.merchantDisplayName}</strong>
          <button
            ref={closeButton}
            type="button"
            aria-label="Close"
            disabled={pending}
            onClick={close}
            style={styles.close}
          >
            ×
          </button>
        </div>
        <PaymentElement
          onReady={() => setReady(true)}
          onLoadError={({ error }) => setProblem(error.message ?? 'The form could not be loaded.')}
          options={{ wallets: { applePay: 'auto', googlePay: 'auto' } }}
        />
        {problem ? (
          <p role="alert" style={styles.problem}>
            {problem}
          </p>
        ) : null}
        <button type="submit" disabled={!ready || pending} aria-busy={pending} style={styles.pay}>
          {pending ? 'One moment…' : 'Pay'}
        </button>
      </form>
    </div>
  );
}

const styles = {
  backdrop: {
    position: 'fixed',
    inset: 0,
    zIndex: 1000,
    display: 'grid',
    placeItems: 'center',
    padding: 16,
    overflowY: 'auto',
    background: 'rgb(0 0 0 / 50%)',
  },
  sheet: {
    display: 'grid',
    gap: 16,
    width: '100%',
    maxWidth: 480,
    padding: 24,
    borderRadius: 12,
    background: '#fff',
    color: '#1a1a1a',
  },
  head: {
    display: 'flex',
    justifyContent: 'space-between',
    alignItems: 'center',
  },
  close: {
    border: 0,
    background: 'none',
    color: 'inherit',
    fontSize: 24,
    lineHeight: 1,
    cursor: 'pointer',
  },
  problem: {
    margin: 0,
    color: '#b3261e',
  },
  pay: {
    minHeight: 48,
    border: 0,
    borderRadius: 8,
    background: '#635bff',
    color: '#fff',
    font: 'inherit',
    fontWeight: 600,
    cursor: 'pointer',
  },
} satisfies Record<string, CSSProperties>;
