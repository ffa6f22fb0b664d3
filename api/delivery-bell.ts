import type { Logger } from 'pino';
import type { Database } from '../db/connect.ts';
import { tellOfDeliveries } from '../db/queries/deliveries.ts';
import { describeError } from './describe-error.ts';

const everyMilliseconds = 100;

/** Gives the function that tells the control worker of new deliveries, ten times a second at most however often it is called. */
export function createDeliveryBell(database: Database, log: Logger): () => void {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      tellOfDeliveries(database).catch((error: unknown) => {
        log.warn({ error: describeError(error) }, 'nobody was told of a delivery: it is found by the next look');
      });
    }, everyMilliseconds).unref();
  };
}
