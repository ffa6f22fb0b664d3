export { createSubscription as POST } from '../../server/subscription';
