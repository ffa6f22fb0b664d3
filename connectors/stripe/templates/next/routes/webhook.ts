export { receiveStripeEvent as POST } from '../../server/webhook';
