import { currency, type PlanId, plans } from '../prices';
import { attemptOf, getFromStripe, postToStripe, Problem, readBody, respond } from './stripe-api';

interface Subscription {
  latest_invoice: { confirmation_secret: { client_secret: string } | null } | null;
}

/** Starts a subscription: takes JSON `{ plan, email }`, answers `{ clientSecret }`. */
export function createSubscription(request: Request): Promise<Response> {
  return respond(async () => {
    const { plan, email } = readOrder(await readBody(request));
    const attempt = `${attemptOf(request)}-${plan}`;
    const price = await findPrice(plans[plan].lookupKey);
    const customer = await postToStripe<{ id: string }>(
      '/v1/customers',
      { email },
      `${attempt}-customer`,
    );
    const subscription = await postToStripe<Subscription>(
      '/v1/subscriptions',
      {
        customer: customer.id,
        currency,
        'items[0][price]': price,
        payment_behavior: 'default_incomplete',
        'payment_settings[save_default_payment_method]': 'on_subscription',
        'expand[]': 'latest_invoice.confirmation_secret',
      },
      `${attempt}-subscription-${price}`,
    );
    const secret = subscription.latest_invoice?.confirmation_secret?.client_secret;
    if (secret) return { clientSecret: secret };
    throw new Problem(502, { error: 'nothing_to_pay', message: 'This plan has no first payment.' });
  });
}

function readOrder({ plan, email }: Record<string, unknown>): { plan: PlanId; email: string } {
  if (typeof plan !== 'string' || !Object.hasOwn(plans, plan)) {
    throw new Problem(400, { error: 'unknown_plan', message: 'There is no such plan.' });
  }
  if (typeof email !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw new Problem(400, { error: 'invalid_email', message: 'Send an e-mail address.' });
  }
  return { plan: plan as PlanId, email };
}

async function findPrice(lookupKey: string): Promise<string> {
  const prices = await getFromStripe<{ data: { id: string }[] }>('/v1/prices', {
    'lookup_keys[]': lookupKey,
    active: 'true',
    limit: '1',
  });
  const price = prices.data[0];
  if (price) return price.id;
  throw new Problem(503, {
    error: 'unknown_price',
    message: `Stripe has no active price with the lookup key "${lookupKey}". Create it in the dashboard.`,
  });
}
