export { createPaymentIntent as POST } from '../../server/payment-intent';
