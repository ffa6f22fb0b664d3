import { pagesApi } from '../server/pages-api';
import { receiveStripeEvent } from '../../server/webhook';

// The signature is over the bytes as they came, so nothing may parse them before.
export const config = { api: { bodyParser: false } };

export default pagesApi(receiveStripeEvent);
