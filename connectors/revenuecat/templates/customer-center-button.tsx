import { showCustomerCenter } from './customer-center';
import { ScreenButton, type ScreenButtonProps } from './screen-button';

/** A button to the screen where customers manage what they bought. */
export function CustomerCenterButton({
  title = 'Manage subscription',
  onResult,
}: ScreenButtonProps) {
  return <ScreenButton title={title} show={showCustomerCenter} onResult={onResult} />;
}
