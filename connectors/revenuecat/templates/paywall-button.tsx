import { showPaywall } from './paywall';
import { ScreenButton, type ScreenButtonProps } from './screen-button';
import { useEntitlement } from './use-entitlement';

/** A button that shows the paywall; gone once the customer has the entitlement. */
export function PaywallButton({ title = 'Upgrade', onResult }: ScreenButtonProps) {
  const { active } = useEntitlement();
  if (active) return null;
  return <ScreenButton title={title} show={showPaywall} onResult={onResult} />;
}
