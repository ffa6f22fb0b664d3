import { pagesApi } from '../server/pages-api';
import { createSubscription } from '../../server/subscription';

export default pagesApi(createSubscription);
