import type { CheckoutResult } from '../checkout';

/** Says why a checkout did not go through; nothing while there is nothing to say. */
export function CheckoutProblem({ result }: { result: CheckoutResult | undefined }) {
  if (result?.status !== 'failed' && result?.status !== 'not_configured') return null;
  const readable = result.status === 'failed' || process.env.NODE_ENV === 'development';
  return (
    <p role="alert" style={{ color: '#b3261e' }}>
      {readable ? result.message : 'Payments are not available at the moment.'}
    </p>
  );
}
