import { afterEach, describe, expect, it } from 'vitest';
import { type RunningOperation, update } from '../test/harness/operations.ts';
import { type World, createWorld } from '../test/harness/world.ts';

const started: RunningOperation[] = [];
afterEach(async () => {
  for (const operation of started.splice(0)) await operation.finish();
});
async function start(...given: Parameters<typeof update>): Promise<RunningOperation> {
  const operation = await update(...given);
  started.push(operation);
  return operation;
}

function installedWorld(): World {
  const world = createWorld();
  world.submissions.clear();
  world.version = 'current';
  world.published = true;
  world.status = 'active';
  return world;
}

const isOpen = (world: World) => () => world.calls.includes('readPullRequest');

describe('updating', () => {
  it('tests what is kept, proposes the change, and applies it only after the merge', async () => {
    const world = installedWorld();
    const operation = await start(world);
    await operation.until(isOpen(world));
    expect(await operation.progress()).toEqual({ status: 'active', step: 'pull_request', needsAttention: undefined });
    expect(world.last.testCredentials).toMatchObject({ submission: '' });
    expect(world.calls).not.toContain('encrypt');
    expect(world.calls).not.toContain('applyUpdate');

    await operation.merge();
    expect(await operation.result()).toEqual({ status: 'active' });
    expect(world.calls.at(-1)).toBe('applyUpdate');
  });

  it('makes no pull request when nothing is to be changed in the code', async () => {
    const world = installedWorld();
    world.nothing = true;
    expect(await (await start(world)).result()).toEqual({ status: 'active' });
    expect(world.calls).not.toContain('openPullRequest');
    expect(world.calls.at(-1)).toBe('applyUpdate');
  });

  it('asks for credentials that the new options need, and keeps them only when they are sent', async () => {
    const world = installedWorld();
    world.fail('testCredentials', 'credentials_rejected');
    const operation = await start(world);
    await operation.until(() => world.waiting === 'credentials_rejected');
    world.submissions.add('sub_better');
    await operation.answer({ answer: 'replaceCredentials', submission: 'sub_better' });
    await operation.until(isOpen(world));
    expect(world.versionFrom).toBe('sub_better');
    await operation.merge();
    expect(await operation.result()).toEqual({ status: 'active' });
  });

  for (const ending of ['decline', 'abort', 'deadline', 'failure'] as const)
    it(`leaves everything as it was after ${ending}`, async () => {
      const world = installedWorld();
      if (ending === 'failure') world.fail('openPullRequest', 'unsupported_sdk', { late: true });
      const operation = await start(world);
      if (ending !== 'failure') await operation.until(isOpen(world));
      if (ending === 'decline') await operation.decline();
      if (ending === 'abort') await operation.answer({ answer: 'abort' });
      if (ending === 'deadline') await operation.sleep('15 days');
      if (ending === 'failure') await expect(operation.result()).rejects.toThrow();
      else expect(await operation.result()).toEqual({ status: 'active' });
      expect(world).toMatchObject({ published: true, version: 'current', status: 'active' });
      expect(world.pullRequest?.state).toBe('closed');
      expect(world.calls.slice(-2)).toEqual(['closePullRequest', 'restore']);
      expect(world.calls).not.toContain('applyUpdate');
    });

  it('rolls forward when the merge came before the abort', async () => {
    const world = installedWorld();
    const operation = await start(world);
    await operation.until(isOpen(world));
    world.pullRequest!.state = 'merged';
    await operation.answer({ answer: 'abort' });
    expect(await operation.result()).toEqual({ status: 'active' });
    expect(world.calls.at(-1)).toBe('applyUpdate');
    expect(world.calls).not.toContain('restore');
  });

  it('waits for people when what was merged is not what was planned', async () => {
    const world = installedWorld();
    world.fail('applyUpdate', 'merged_differently');
    const operation = await start(world);
    await operation.until(isOpen(world));
    await operation.merge();
    await operation.until(() => world.waiting === 'merged_differently');
    expect(await operation.refusal({ answer: 'abort' })).toBe('already_merged');
    await operation.answer({ answer: 'adopt' });
    expect(await operation.result()).toEqual({ status: 'active' });
    expect(world.last.applyUpdate).toMatchObject({ adopt: true });
  });

  it('goes on taking an update back when its workflow was lost meanwhile', async () => {
    const world = installedWorld();
    world.pullRequest = { state: 'open', head: 'ours', manual: [] };
    const operation = await start(world, { undo: { outcome: 'aborted', because: 'Aborted by a person.' } });
    expect(await operation.result()).toEqual({ status: 'active' });
    expect(world.calls).toEqual(['recordWait', 'closePullRequest', 'restore']);
  });
});
