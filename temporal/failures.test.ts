import { randomBytes } from 'node:crypto';
import { CompleteAsyncError } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure, defaultDataConverter } from '@temporalio/common';
import {
  decodeOptionalFailureToOptionalError,
  encodeErrorToFailure,
  loadDataConverter,
} from '@temporalio/common/lib/internal-non-workflow/index.js';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { GraftError } from '../contract/errors.ts';
import { createDataConverter } from './data-converter.ts';
import { ActivityFailureInterceptor, toApplicationFailure } from './failures.ts';

const canary = ['canary', 'value', 'obviously', 'fake'].join('-');

/** Everything of a failure that leaves the process. */
function textOf(failure: ApplicationFailure): string {
  return JSON.stringify([failure.message, failure.stack, failure.type, failure.details, failure.cause]);
}

describe('toApplicationFailure', () => {
  it('carries code, message, fields and details, and leaves the cause behind', () => {
    const failure = toApplicationFailure(
      new GraftError('credentials_rejected', 'Paste another key.', {
        cause: new Error(canary),
        fields: [{ field: 'secretKey', fix: 'Paste it again.' }],
        details: { pullRequest: 7 },
      }),
    );
    expect(failure).toMatchObject({ type: 'credentials_rejected', message: 'Paste another key.', nonRetryable: true });
    expect(failure.details).toEqual([
      { fields: [{ field: 'secretKey', fix: 'Paste it again.' }], details: { pullRequest: 7 } },
    ]);
    expect(failure.nextRetryDelay).toBeUndefined();
    expect(textOf(failure)).not.toContain(canary);
    expect(failure.stack).toMatch(/^ApplicationFailure: Paste another key\.\n {4}at .*failures\.test\.ts/);
  });

  it('lets transient codes be tried again, not before the time they name', () => {
    const failure = toApplicationFailure(new GraftError('rate_limited', 'Wait.', { retryAfterSeconds: 7 }));
    expect(failure).toMatchObject({ nonRetryable: false, nextRetryDelay: 7000 });
    expect(toApplicationFailure(new GraftError('provider_unavailable', 'Wait.'))).toMatchObject({
      nonRetryable: false,
    });
  });

  it('tells of an unknown error its kinds, codes and place in the code, and nothing it says', () => {
    const cause = Object.assign(new Error(`Bearer ${canary}`), { code: 'ECONNRESET', table_name: `${canary} ` });
    const failure = toApplicationFailure(new TypeError(`bad ${canary}\n    at ${canary} (x.ts:1:1)`, { cause }));
    expect(failure).toMatchObject({ type: 'internal', nonRetryable: false });
    expect(failure.message).toContain('(TypeError, caused by Error ECONNRESET)');
    expect(failure.stack).toMatch(/\n {4}at .*failures\.test\.ts/);
    expect(textOf(failure)).not.toContain(canary);
  });

  it('hides what an error says whose message was changed, or that is none', () => {
    const error = new Error(`first\n    at ${canary} (x.ts:1:1)`);
    error.message = 'second';
    expect(textOf(toApplicationFailure(error))).not.toContain(canary);
    expect(textOf(toApplicationFailure(canary))).not.toContain(canary);
    expect(textOf(toApplicationFailure({ canary }))).not.toContain(canary);
    expect(toApplicationFailure(undefined)).toMatchObject({ type: 'internal' });
  });

  it('leaves an application failure as it is', () => {
    const failure = ApplicationFailure.nonRetryable('x', 'y');
    expect(toApplicationFailure(failure)).toBe(failure);
  });
});

describe('ActivityFailureInterceptor', () => {
  function environment(): MockActivityEnvironment {
    return new MockActivityEnvironment(
      {},
      {
        interceptors: [(context) => ({ inbound: new ActivityFailureInterceptor(context) })],
        logger: new DefaultLogger('ERROR'),
      },
    );
  }

  function thrownBy(activity: () => Promise<unknown>, cancelled = false): Promise<unknown> {
    const env = environment();
    if (cancelled) env.cancel('CANCELLED');
    return env.run(activity).then(
      () => 'completed',
      (error: unknown) => error,
    );
  }

  it('gives results through and turns errors into application failures', async () => {
    expect(await environment().run(async (value: string) => value, 'result')).toBe('result');
    const failure = await thrownBy(() => Promise.reject(new GraftError('not_found', 'Gone.')));
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'not_found', nonRetryable: true });
    expect(await thrownBy(() => Promise.reject(new Error(canary)))).toMatchObject({ type: 'internal' });
  });

  it('lets cancellation pass when there is one, and only then', async () => {
    const abort = new DOMException('stopped', 'AbortError');
    const cancelled = new CancelledFailure('CANCELLED');
    expect(await thrownBy(() => Promise.reject(abort), true)).toBe(abort);
    expect(await thrownBy(() => Promise.reject(cancelled), true)).toBe(cancelled);
    expect(await thrownBy(() => Promise.reject(abort))).toMatchObject({ type: 'internal' });
    expect(await thrownBy(() => Promise.reject(new GraftError('not_found', 'Gone.')), true)).toMatchObject({
      type: 'not_found',
    });
  });

  it('lets asynchronous completion pass', async () => {
    const later = new CompleteAsyncError();
    expect(await thrownBy(() => Promise.reject(later))).toBe(later);
  });
});

describe('the data converter', () => {
  it('shows of a failure its type only, and gives the rest back to who has the key', async () => {
    const failure = ApplicationFailure.nonRetryable(`message ${canary}`, 'the_type', { canary });
    const converter = loadDataConverter(createDataConverter(randomBytes(32)));
    const encoded = await encodeErrorToFailure(converter, failure);
    const wire = JSON.stringify(encoded, (_name, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    expect(wire).toContain('the_type');
    expect(wire).not.toContain(canary);
    expect(wire).not.toContain('failures.test.ts');
    const decoded = await decodeOptionalFailureToOptionalError(converter, encoded);
    expect(decoded).toMatchObject({ message: `message ${canary}`, type: 'the_type', details: [{ canary }] });
    const open = await encodeErrorToFailure(defaultDataConverter, failure);
    expect(open.message).toContain(canary);
  });
});
