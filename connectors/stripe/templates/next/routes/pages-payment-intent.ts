import { pagesApi } from '../server/pages-api';
import { createPaymentIntent } from '../../server/payment-intent';

export default pagesApi(createPaymentIntent);
