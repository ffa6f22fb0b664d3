import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Status } from '../../contract/closed-sets.ts';
import type { GraftError } from '../../contract/errors.ts';
import { newId } from '../../contract/ids.ts';
import {
  findCodeSharers,
  findDecline,
  getInstallation,
  getInstallationWithProject,
  insertQueued,
  listInstallations,
} from './installations.ts';
import { finishInstallation, recordProgress } from './progress.ts';
import { savePullRequest } from './pull-requests.ts';
import { type Rows, failureOf, openRows } from '../../test/harness/rows.ts';

let rows: Rows;
beforeAll(async () => {
  rows = await openRows();
});
afterAll(() => rows.close());

describe('installations', () => {
  it('are unique among the live ones', async () => {
    const first = await rows.queue();
    const failure = await failureOf(insertQueued(rows.api, { ...first, id: newId('installation') }));
    expect(failure).toMatchObject({
      code: 'already_installed',
      message: expect.stringContaining('under way'),
      fields: [{ field: 'environment', fix: expect.stringMatching(/abort it first/) }],
      details: { installation: first.id, status: 'queued' },
    });
    await insertQueued(rows.api, { ...first, id: newId('installation'), alias: 'second' });
    await finishInstallation(rows.control, {
      installation: first.id,
      workflowId: first.id,
      status: 'aborted',
      step: 'deactivate',
      event: 'undone',
      data: {},
    });
    const again = newId('installation');
    await insertQueued(rows.api, { ...first, id: again });
    expect(await listInstallations(rows.api, first.project, { status: ['queued'] })).toHaveLength(2);
    expect(await listInstallations(rows.api, first.project)).toHaveLength(3);
    expect(await getInstallationWithProject(rows.control, again)).toMatchObject({
      installation: { status: 'queued', step: 'validate', options: { wallet: true } },
      project: { id: first.project },
    });
    expect((await failureOf(getInstallation(rows.api, newId('installation')))).code).toBe('not_found');
  });

  it('let one of many concurrent twins in', async () => {
    const { id: place } = await rows.newProject();
    const tries = Array.from({ length: 8 }, () => rows.queue({ project: place }));
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect((outcome.reason as GraftError).code).toBe('already_installed');
  });

  it('remember a decline until something of the same code was active after it', async () => {
    const first = await rows.queue();
    const again = async (status: Status, more: object = {}) => {
      const id = newId('installation');
      const given = { ...first, id, ...more };
      await insertQueued(rows.api, given);
      await end(id, status);
      return id;
    };
    const end = (installation: string, status: Status) =>
      finishInstallation(rows.control, {
        installation,
        workflowId: installation,
        status,
        step: 'deactivate',
        event: 'undone',
        data: {},
      });
    expect(await findDecline(rows.api, first)).toBeUndefined();
    await end(first.id, 'declined');
    expect(await findDecline(rows.api, first)).toMatchObject({ installation: first.id, pullRequest: null });
    const of = { installation: first.id, operation: 'install' } as const;
    await savePullRequest(rows.control, of, { number: 7, url: 'file:///7', draft: false, head: 'a', state: 'closed' });
    const told = { installation: first.id, pullRequest: { number: 7, url: 'file:///7' }, declinedAt: expect.any(Date) };
    expect(await findDecline(rows.api, first)).toEqual(told);

    for (const status of ['aborted', 'failed', 'expired'] as const) await again(status);
    await again('active', { alias: 'other' });
    await again('active', { connector: 'other' });
    expect(await findDecline(rows.api, first)).toEqual(told);
    await again('removed');
    expect(await findDecline(rows.api, first)).toBeUndefined();
    const second = await again('declined');
    expect(await findDecline(rows.api, first)).toMatchObject({ installation: second });
    await again('active', { environment: 'production' });
    expect(await findDecline(rows.api, first)).toBeUndefined();
  });

  it('find who else uses their code', async () => {
    const first = await rows.queue();
    const second = await rows.queue({ project: first.project, environment: 'production' });
    expect(await findCodeSharers(rows.control, first)).toEqual([]);
    await recordProgress(rows.control, {
      installation: second.id,
      status: 'active',
      step: 'activate',
      event: 'done',
      data: {},
    });
    expect((await findCodeSharers(rows.control, first)).map(({ id }) => id)).toEqual([second.id]);
    expect(await findCodeSharers(rows.control, second)).toEqual([]);
  });
});
