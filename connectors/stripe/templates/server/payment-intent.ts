import { currency, type Product, type ProductId, products } from '../prices';
import { attemptOf, postToStripe, Problem, readBody, respond } from './stripe-api';

const largestQuantity = 100;

/** Starts a payment: takes JSON `{ product, quantity }`, answers `{ clientSecret }`. */
export function createPaymentIntent(request: Request): Promise<Response> {
  return respond(async () => {
    const { product, quantity } = readOrder(await readBody(request));
    const amount = priceOf(products[product], quantity);
    const intent = await postToStripe<{ client_secret: string }>(
      '/v1/payment_intents',
      {
        amount: String(amount),
        currency,
        'automatic_payment_methods[enabled]': 'true',
        'metadata[product]': product,
        'metadata[quantity]': String(quantity),
      },
      `${attemptOf(request)}-${product}-${amount}`,
    );
    return { clientSecret: intent.client_secret };
  });
}

function readOrder(body: Record<string, unknown>): { product: ProductId; quantity: number } {
  const { product, quantity = 1 } = body;
  if (typeof product !== 'string' || !Object.hasOwn(products, product)) {
    throw new Problem(400, { error: 'unknown_product', message: 'There is no such product.' });
  }
  if (!Number.isInteger(quantity) || Number(quantity) < 1 || Number(quantity) > largestQuantity) {
    const message = `The quantity must be a whole number from 1 to ${largestQuantity}.`;
    throw new Problem(400, { error: 'invalid_quantity', message });
  }
  return { product: product as ProductId, quantity: Number(quantity) };
}

function priceOf(product: Product, quantity: number): number {
  const amount = product.amount * quantity;
  if (Number.isSafeInteger(amount) && amount > 0) return amount;
  throw new Problem(500, {
    error: 'invalid_price',
    message: `The amount of "${product.name}" in prices.ts must be a whole number above zero.`,
  });
}
