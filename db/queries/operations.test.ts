import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../contract/ids.ts';
import { claimOperation, findClaim, listClaims, listWatched } from './operations.ts';
import { recordProgress } from './progress.ts';
import { savePullRequest } from './pull-requests.ts';
import { type Rows, failureOf, openRows } from '../../test/harness/rows.ts';

let rows: Rows;
beforeAll(async () => {
  rows = await openRows();
});
afterAll(() => rows.close());

describe('claims', () => {
  it('let one code-changing operation per code name and one of any kind per installation run', async () => {
    const first = await rows.queue();
    const second = await rows.queue({ project: first.project, environment: 'production' });
    const third = await rows.queue({ project: first.project, connector: 'other' });
    expect(await claimOperation(rows.api, first, 'install')).toBe(first.id);
    expect(await claimOperation(rows.api, third, 'install')).toBe(third.id);
    await savePullRequest(
      rows.control,
      { installation: first.id, operation: 'install' },
      { number: 7, url: 'file:///7', draft: false, head: 'abc', state: 'open' },
    );
    for (const holder of [second, first]) {
      const failure = await failureOf(claimOperation(rows.api, holder, 'remove'));
      expect([failure.code, failure.details]).toEqual([
        'operation_in_progress',
        {
          installation: first.id,
          operation: 'install',
          workflowId: first.id,
          pullRequest: { number: 7, url: 'file:///7' },
        },
      ]);
    }
    expect(await claimOperation(rows.api, second, 'disconnect')).toBe(workflowId.remove(second.id));
    expect(await findClaim(rows.control, second.id)).toMatchObject({ operation: 'disconnect' });
    expect((await failureOf(claimOperation(rows.api, second, 'disconnect'))).code).toBe('operation_in_progress');
    const watched = { installation: first.id, operation: 'install', workflowId: first.id, number: 7 };
    const [found, ...others] = await listWatched(rows.control, { codeHost: 'local' });
    expect([found, others]).toEqual([{ ...watched, repository: expect.any(String) }, []]);
    const repositories = [String(found?.repository).toLowerCase(), 'other'];
    expect(await listWatched(rows.control, { codeHost: 'local', repositories })).toEqual([found]);
    expect(await listWatched(rows.control, { codeHost: 'local', repositories: ['other'] })).toEqual([]);
    expect(await listWatched(rows.control, { codeHost: 'github' })).toEqual([]);
    const at = { installation: first.id, event: 'started', data: {} } as const;
    await recordProgress(rows.control, { ...at, status: 'in_review', step: 'pipeline' });
    expect(await listWatched(rows.control, { codeHost: 'local' })).toEqual([found]);
    for (const after of [
      { status: 'running', step: 'activate' },
      { status: 'undoing', step: 'deactivate' },
    ] as const) {
      await recordProgress(rows.control, { ...at, ...after });
      expect(await listWatched(rows.control, { codeHost: 'local' })).toEqual([]);
    }
    const claims = await listClaims(rows.control, 0);
    expect(claims.map(({ claim }) => claim.installation)).toEqual(
      expect.arrayContaining([first.id, second.id, third.id]),
    );
    expect(await listClaims(rows.control, 60)).toEqual([]);
  });

  it('let one of many concurrent claims win', async () => {
    const installation = await rows.queue();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => claimOperation(rows.api, installation, 'remove')),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  });
});
