import { afterEach, describe, expect, it } from 'vitest';
import { createWorld } from '../test/harness/world.ts';
import { type RunningOperation, uninstall } from '../test/harness/operations.ts';

const started: RunningOperation[] = [];
afterEach(async () => {
  for (const operation of started.splice(0)) await operation.finish();
});
async function start(...given: Parameters<typeof uninstall>): Promise<RunningOperation> {
  const operation = await uninstall(...given);
  started.push(operation);
  return operation;
}

function installedWorld() {
  const world = createWorld();
  world.submissions.clear();
  world.version = 'current';
  world.published = true;
  world.status = 'active';
  return world;
}

describe('removing', () => {
  it('takes values and version away only after the removal is merged', async () => {
    const world = installedWorld();
    const operation = await start(world, 'remove');
    await operation.until(() => world.calls.includes('readPullRequest'));
    expect(world).toMatchObject({ published: true, version: 'current' });

    await operation.merge();
    expect(await operation.result()).toEqual({ status: 'removed' });
    expect(world).toMatchObject({ published: false, version: 'destroyed', status: 'removed' });
  });

  it('makes no pull request while another environment uses the code', async () => {
    const world = installedWorld();
    world.nothing = true;
    const operation = await start(world, 'remove');
    expect(await operation.result()).toEqual({ status: 'removed' });
    expect(world.calls).not.toContain('openPullRequest');
  });

  for (const ending of ['decline', 'abort', 'deadline', 'failure'] as const)
    it(`is back to active with nothing destroyed after ${ending}`, async () => {
      const world = installedWorld();
      if (ending === 'failure') world.fail('openPullRequest', 'unsupported_sdk', { late: true });
      const operation = await start(world, 'remove');
      if (ending !== 'failure') await operation.until(() => world.calls.includes('readPullRequest'));
      if (ending === 'decline') await operation.decline();
      if (ending === 'abort') await operation.answer({ answer: 'abort' });
      if (ending === 'deadline') await operation.sleep('15 days');
      if (ending === 'failure') await expect(operation.result()).rejects.toThrow();
      else expect(await operation.result()).toEqual({ status: 'active' });
      expect(world).toMatchObject({ published: true, version: 'current', status: 'active' });
      expect(world.pullRequest?.state).toBe('closed');
    });

  for (const name of ['unpublishValues', 'destroyVersion', 'deactivate'] as const)
    it(`waits for people after the merge when ${name} fails for good`, async () => {
      const world = installedWorld();
      world.fail(name, 'not_found');
      const operation = await start(world, 'remove');
      await operation.until(() => world.calls.includes('readPullRequest'));
      await operation.merge();
      await operation.until(() => world.waiting === 'code_host_refused');
      expect(await operation.progress()).toMatchObject({ status: 'removing', needsAttention: 'code_host_refused' });
      await operation.answer({ answer: 'retry' });
      expect(await operation.result()).toEqual({ status: 'removed' });
      expect(world).toMatchObject({ published: false, version: 'destroyed', status: 'removed' });
    });

  for (const name of ['closePullRequest', 'restore'] as const)
    it(`waits for people when ${name} fails for good while the removal is taken back`, async () => {
      const world = installedWorld();
      world.fail(name, 'code_host_refused');
      const operation = await start(world, 'remove');
      await operation.until(() => world.calls.includes('readPullRequest'));
      await operation.answer({ answer: 'abort' });
      await operation.until(() => world.waiting === 'code_host_refused');
      await operation.answer({ answer: 'retry' });
      expect(await operation.result()).toEqual({ status: 'active' });
      expect(world).toMatchObject({ published: true, status: 'active', pullRequest: { state: 'closed' } });
    });

  it('goes on taking a removal back when its workflow was lost meanwhile', async () => {
    const world = installedWorld();
    world.pullRequest = { state: 'open', head: 'ours', manual: [] };
    const operation = await start(world, 'remove', { undo: { outcome: 'aborted', because: 'Aborted by a person.' } });
    expect(await operation.result()).toEqual({ status: 'active' });
    expect(world.calls).toEqual(['recordWait', 'closePullRequest', 'restore']);
  });

  it('is back to active when a person says so at the pull request', async () => {
    const world = installedWorld();
    const operation = await start(world, 'remove');
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.requests.push({ id: 'one', command: 'abort', by: 'maria', allowed: true });
    await operation.repositoryChanged();
    expect(await operation.result()).toEqual({ status: 'active' });
    expect(world.answers['one']).toContain('everything stays installed');
    expect(world.last.restore).toMatchObject({ because: 'Aborted by maria at the pull request.' });
  });

  it('finishes when the merge came before the abort', async () => {
    const world = installedWorld();
    const operation = await start(world, 'remove');
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.pullRequest!.state = 'merged';
    await operation.answer({ answer: 'abort' });
    expect(await operation.result()).toEqual({ status: 'removed' });
    expect(world).toMatchObject({ published: false, version: 'destroyed' });
  });
});

describe('disconnecting', () => {
  it('unpublishes and destroys, and leaves the code alone', async () => {
    const world = installedWorld();
    const operation = await start(world, 'disconnect');
    expect(await operation.result()).toEqual({ status: 'disconnected' });
    expect(world).toMatchObject({ published: false, version: 'destroyed', status: 'disconnected' });
    expect(world.calls).not.toContain('generate');
  });
});
