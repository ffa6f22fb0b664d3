import type { StripeEvent } from './webhook';

/**
 * What your server does when Stripe tells of an event: edit it. Runs on the server only. Stripe may deliver an event
 * twice and in any order, so remember `event.id`; throw, and it is delivered again.
 */
export async function onStripeEvent(event: StripeEvent): Promise<void> {
  switch (event.type) {
    // @if oneTimePayments
    case 'payment_intent.succeeded':
      // Paid: deliver what `metadata.product` and `metadata.quantity` of the object name.
      console.info('Stripe: a payment succeeded', event.id);
      break;
    // @end
    // @if subscriptions
    case 'invoice.paid':
      // A subscription began, or goes on for another period.
      console.info('Stripe: an invoice was paid', event.id);
      break;
    case 'customer.subscription.deleted':
      // A subscription has ended.
      console.info('Stripe: a subscription ended', event.id);
      break;
    // @end
  }
}
