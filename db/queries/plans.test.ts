import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countInstallations, getInstallation } from './installations.ts';
import { listNewestPipelineSteps, savePipelineSteps } from './pipeline-steps.ts';
import { findNewestPlan, findPlan, savePlan } from './plans.ts';
import { listNames, listOwnNames, releaseOwnNames, takeNames } from './published-values.ts';
import { findPullRequest, savePullRequest } from './pull-requests.ts';
import { sql } from 'drizzle-orm';
import { type Rows, failureOf, openRows } from '../../test/harness/rows.ts';

let rows: Rows;
beforeAll(async () => {
  rows = await openRows();
});
afterAll(() => rows.close());

describe('what operations leave behind', () => {
  it('keeps the newest plan, pull request and verdicts of each operation', async () => {
    const { id: installation } = await rows.queue();
    const install = { installation, operation: 'install' } as const;
    const remove = { installation, operation: 'remove' } as const;
    const step = { kind: 'use', text: { en: 'Use it.', ar: 'استخدمه.' } } as const;
    await savePlan(rows.control, install, { artifact: 'a', planHash: 'p1', baseCommit: 'c' }, [step]);
    await savePlan(rows.control, install, { artifact: 'b', planHash: 'p2', baseCommit: 'c' }, [step]);
    expect(await findPlan(rows.api, install)).toMatchObject({ artifact: 'b', planHash: 'p2' });
    expect((await getInstallation(rows.api, installation)).nextSteps).toEqual([step]);
    await savePlan(rows.control, remove, { artifact: 'r', planHash: 'p3', baseCommit: 'd' }, []);
    expect(await findNewestPlan(rows.api, installation)).toMatchObject({ operation: 'remove', artifact: 'r' });
    expect(await findPlan(rows.api, install)).toMatchObject({ artifact: 'b' });

    const opened = { number: 3, url: 'u', draft: true, head: 'h', state: 'open' } as const;
    await savePullRequest(rows.control, install, opened);
    await savePullRequest(rows.control, install, { ...opened, draft: false, state: 'merged' });
    expect(await findPullRequest(rows.api, install)).toMatchObject({ number: 3, draft: false, state: 'merged' });
    expect(await findPullRequest(rows.api, remove)).toBeUndefined();

    const report = { step: 'types', verdict: 'failed', summary: 'one', seconds: 1.5, log: '' } as const;
    await savePipelineSteps(rows.control, { ...install, subject: 'p2' }, [report, { ...report, step: 'build' }]);
    await savePipelineSteps(rows.control, { ...install, subject: 'p2' }, [{ ...report, verdict: 'passed' }]);
    const found = await listNewestPipelineSteps(rows.api, installation);
    expect(found.map(({ step: name, verdict }) => [name, verdict]).toSorted()).toEqual([
      ['build', 'failed'],
      ['types', 'passed'],
    ]);
    await savePipelineSteps(rows.control, { ...install, subject: 'head' }, [report]);
    expect((await listNewestPipelineSteps(rows.api, installation)).map(({ subject }) => subject)).toEqual(['head']);
  });

  it('gives a published name to one installation', async () => {
    const first = await rows.queue();
    const second = await rows.queue({ project: first.project, connector: 'other' });
    const place = 'local:shop/development';
    const by = ({ id, project }: typeof first) => ({ project, environment: 'development', installation: id }) as const;
    await takeNames(rows.control, place, by(first), ['A', 'B']);
    await takeNames(rows.control, place, by(first), ['A', 'B']);
    const failure = await failureOf(takeNames(rows.control, place, by(second), ['C', 'B']));
    expect([failure.code, failure.details]).toEqual(['environment_key_taken', { name: 'B', installation: first.id }]);
    expect(await listNames(rows.api, place)).toEqual([
      { name: 'A', installation: first.id },
      { name: 'B', installation: first.id },
    ]);
    await takeNames(rows.control, 'local:shop/production', by(second), ['B']);
    await releaseOwnNames(rows.control, first.id);
    expect(await listOwnNames(rows.api, first.id)).toEqual([]);
    expect(await listOwnNames(rows.api, second.id)).toEqual([{ place: 'local:shop/production', name: 'B' }]);
  });

  it('counts installations by status', async () => {
    const counted = await countInstallations(rows.api);
    const all = await rows.owner.execute<{ n: string }>(sql`select count(*)::text as n from installations`);
    expect(counted.reduce((sum, row) => sum + row.all, 0)).toBe(Number(all[0]?.n));
  });
});
