import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../contract/ids.ts';
import { listen } from '../connect.ts';
import { sqlStateOf } from '../errors.ts';
import { getInstallation } from './installations.ts';
import { claimOperation, findClaim } from './operations.ts';
import { eventsChannel, finishInstallation, listEvents, recordProgress } from './progress.ts';
import { findOpenSubmission } from './submissions.ts';
import { sql } from 'drizzle-orm';
import { type Rows, failureOf, openRows } from '../../test/harness/rows.ts';

let rows: Rows;
beforeAll(async () => {
  rows = await openRows();
});
afterAll(() => rows.close());

describe('progress', () => {
  it('writes row and event together, once for a retry, and tells listeners', async () => {
    const { id } = await rows.queue();
    const told = Promise.withResolvers<string>();
    const stop = await listen(rows.api, eventsChannel, told.resolve);
    const waiting = {
      installation: id,
      status: 'running',
      step: 'test',
      reason: 'credentials_rejected',
      event: 'waiting',
      data: { reason: 'credentials_rejected', message: 'The key is wrong.' },
    } as const;
    await recordProgress(rows.control, waiting);
    expect(await told.promise).toBe(id);
    await stop();
    const since = (await getInstallation(rows.api, id)).attentionSince;
    await recordProgress(rows.control, waiting);
    expect(await getInstallation(rows.api, id)).toMatchObject({
      status: 'running',
      step: 'test',
      reason: 'credentials_rejected',
      message: 'The key is wrong.',
      attentionSince: since,
    });
    const [only, ...more] = await listEvents(rows.api, id, '0');
    expect(only).toMatchObject({ step: 'test', event: 'waiting', status: 'running', data: waiting.data });
    expect(more).toEqual([]);
    await recordProgress(rows.control, {
      installation: id,
      status: 'running',
      step: 'test',
      event: 'answered',
      data: {},
    });
    expect(await getInstallation(rows.api, id)).toMatchObject({ reason: null, attentionSince: null, message: null });
    expect((await listEvents(rows.api, id, only?.id ?? '')).map(({ event }) => event)).toEqual(['answered']);
  });

  it('is refused as a whole when the event cannot be written', async () => {
    const { id } = await rows.queue();
    const impossible = { installation: id, status: 'running', step: 'test', event: 'sung', data: {} } as never;
    expect(sqlStateOf(await failureOf(recordProgress(rows.control, impossible)))).toBe('23514');
    expect((await getInstallation(rows.api, id)).status).toBe('queued');
    const unknown = {
      installation: newId('installation'),
      status: 'running',
      step: 'test',
      event: 'done',
      data: {},
    } as const;
    expect((await failureOf(recordProgress(rows.control, unknown))).code).toBe('not_found');
  });

  it('gives an answer at least three days', async () => {
    const { id } = await rows.queue();
    await rows.owner.execute(sql`update installations set deadline = now() + interval '1 hour' where id = ${id}`);
    await recordProgress(rows.control, {
      installation: id,
      status: 'running',
      step: 'test',
      event: 'answered',
      data: {},
    });
    const { deadline } = await getInstallation(rows.api, id);
    expect(deadline.getTime() - Date.now()).toBeGreaterThan(2.9 * 24 * 3600 * 1000);
  });

  it('ends an operation whole, and leaves a later one alone', async () => {
    const installation = await rows.queue();
    await rows.submit(installation);
    await claimOperation(rows.api, installation, 'install');
    const end = {
      installation: installation.id,
      workflowId: installation.id,
      status: 'active',
      step: 'activate',
      event: 'done',
      data: {},
    } as const;
    await finishInstallation(rows.control, end);
    expect(await findClaim(rows.api, installation.id)).toBeUndefined();
    expect(await findOpenSubmission(rows.api, installation.id)).toBeUndefined();
    await claimOperation(rows.api, installation, 'remove');
    await recordProgress(rows.control, { ...end, status: 'removing', step: 'deactivate', event: 'started' });
    await finishInstallation(rows.control, end);
    expect((await getInstallation(rows.api, installation.id)).status).toBe('removing');
    expect(await findClaim(rows.api, installation.id)).toMatchObject({ operation: 'remove' });
  });

  it('numbers the events of one installation in the order of their commits', async () => {
    const { id } = await rows.queue();
    const write = (message: string) =>
      recordProgress(rows.control, {
        installation: id,
        status: 'running',
        step: 'test',
        event: 'done',
        data: { message },
      });
    await Promise.all(Array.from({ length: 20 }, (_, index) => write(`${index}`)));
    const ids = (await listEvents(rows.api, id, '0')).map((event) => Number(event.id));
    expect(ids).toHaveLength(20);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  });
});
