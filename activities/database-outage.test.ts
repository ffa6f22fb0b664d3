import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { GraftError } from '../contract/errors.ts';
import { ActivityFailureInterceptor } from '../temporal/failures.ts';
import { databaseOutage } from './database-outage.ts';

function failureOf(error: unknown): Promise<unknown> {
  const env = new MockActivityEnvironment(
    {},
    {
      interceptors: [(context) => ({ inbound: new ActivityFailureInterceptor(context, databaseOutage) })],
      logger: new DefaultLogger('ERROR'),
    },
  );
  return env
    .run(() => Promise.reject(error))
    .then(
      () => 'completed',
      (failure: unknown) => failure,
    );
}
const failedQuery = (code: string) =>
  new Error('Failed query', { cause: Object.assign(new Error('from the driver'), { code }) });

describe('a database that cannot be reached', () => {
  it.each(['57P01', '57P03', '08006', '53300', '40001', 'ECONNREFUSED', 'CONNECTION_CLOSED'])(
    'is an outage to workflows: %s',
    async (code) => {
      const failure = await failureOf(failedQuery(code));
      expect(failure).toBeInstanceOf(ApplicationFailure);
      expect(failure).toMatchObject({ type: 'unavailable', nonRetryable: false });
      expect((failure as ApplicationFailure).message).toContain(code);
    },
  );

  it('is told from a query that is wrong, and from what is known already', async () => {
    expect(await failureOf(failedQuery('23505'))).toMatchObject({ type: 'internal' });
    const known = new GraftError('code_host_refused', 'Retry.', { cause: failedQuery('57P01') });
    expect(await failureOf(known)).toMatchObject({ type: 'code_host_refused' });
  });
});
