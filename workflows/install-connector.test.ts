import { afterEach, describe, expect, it } from 'vitest';
import type { Command, PersonsRequest } from '../contract/code-host.ts';
import { type ActivityName, type World, createWorld } from '../test/harness/world.ts';
import { type RunningOperation, install, settle } from '../test/harness/operations.ts';

const started: RunningOperation[] = [];
afterEach(async () => {
  for (const operation of started.splice(0)) await operation.finish();
});
async function start(...given: Parameters<typeof install>): Promise<RunningOperation> {
  const operation = await install(...given);
  started.push(operation);
  return operation;
}

const count = (world: World, activity: ActivityName) => world.calls.filter((name) => name === activity).length;

async function baseMoves(world: World, operation: RunningOperation, base: string): Promise<void> {
  Object.assign(world, { base, behind: true });
  await operation.repositoryChanged();
}

describe('an installation that goes well', () => {
  it('runs the seven steps in order and ends active after the merge', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    expect(world.calls.filter((name) => name !== 'recordWait')).toEqual([
      'validate',
      'testCredentials',
      'encrypt',
      'generate',
      'runPipeline',
      'recordPipeline',
      'openPullRequest',
      'readPullRequest',
    ]);
    expect(world.published).toBe(false);

    await operation.merge();
    expect(await operation.result()).toEqual({ status: 'active' });
    expect(world).toMatchObject({ version: 'current', versionFrom: 'sub_first', published: true, status: 'active' });
  });

  it('skips pipeline and pull request when the code is there already', async () => {
    const world = createWorld();
    world.nothing = true;
    const operation = await start(world);
    expect(await operation.result()).toEqual({ status: 'active' });
    expect(world.calls).not.toContain('runPipeline');
    expect(world.calls).not.toContain('openPullRequest');
  });

  it('notices a merge that nobody signalled', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.pullRequest!.state = 'merged';
    await operation.sleep('6 hours');
    expect(await operation.result()).toEqual({ status: 'active' });
  });

  it('tries again by itself what fails for a moment', async () => {
    const world = createWorld();
    world.fail('openPullRequest', 'internal', { times: 3, retryable: true });
    const operation = await start(world);
    await settle(operation, () => world.pullRequest !== undefined);
    await operation.merge();
    expect(await operation.result()).toEqual({ status: 'active' });
  });
});

describe('failing for good before the merge', () => {
  const before: ActivityName[] = [
    'validate',
    'testCredentials',
    'encrypt',
    'generate',
    'runPipeline',
    'recordPipeline',
    'openPullRequest',
    'readPullRequest',
  ];
  for (const late of [false, true])
    for (const name of before)
      it(`takes everything back when ${name} fails ${late ? 'after' : 'before'} its effect`, async () => {
        const world = createWorld();
        world.fail(name, 'unsupported_sdk', { late });
        const operation = await start(world);
        await expect(operation.result()).rejects.toThrow();
        expect(world.status).toBe('failed');
        expect(world.version).not.toBe('current');
        expect(world.pullRequest?.state).not.toBe('open');
        expect(world.published).toBe(false);
        expect(world.submissions.size).toBe(0);
      });

  it('undoes newest first: the pull request before the version', async () => {
    const world = createWorld();
    world.fail('readPullRequest', 'unsupported_sdk');
    const operation = await start(world);
    await expect(operation.result()).rejects.toThrow();
    const undone = world.calls.filter((name) => ['closePullRequest', 'destroyVersion', 'deactivate'].includes(name));
    expect(undone).toEqual(['closePullRequest', 'destroyVersion', 'deactivate']);
  });

  it('goes on undoing through failures of the undo itself', async () => {
    const world = createWorld();
    world.fail('readPullRequest', 'unsupported_sdk');
    world.fail('closePullRequest', 'internal', { times: 12, retryable: true });
    const operation = await start(world);
    await expect(operation.result()).rejects.toThrow();
    expect(world).toMatchObject({ version: 'destroyed', status: 'failed' });
    expect(world.pullRequest?.state).toBe('closed');
  });
});

describe('an undo that cannot come to its end by itself', () => {
  for (const name of ['closePullRequest', 'destroyVersion', 'deactivate'] as const)
    it(`waits until a person has mended what ${name} needs, however long that takes`, async () => {
      const world = createWorld();
      world.fail(name, name === 'closePullRequest' ? 'code_host_refused' : 'internal', { times: 90 });
      const operation = await start(world);
      await operation.until(() => world.calls.includes('readPullRequest'));
      await operation.decline();
      await operation.until(() => world.waiting === 'code_host_refused');
      await operation.sleep('20 days');
      expect(await operation.progress()).toMatchObject({ status: 'undoing', needsAttention: 'code_host_refused' });
      await operation.sleep('5 days');
      expect(await operation.result()).toEqual({ status: 'declined' });
      expect(world).toMatchObject({ version: 'destroyed', status: 'declined', waiting: undefined });
    });
});

describe('what people decide', () => {
  it('compensates when the pull request is closed', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    await operation.decline();
    expect(await operation.result()).toEqual({ status: 'declined' });
    expect(world).toMatchObject({ version: 'destroyed', published: false, status: 'declined' });
  });

  it('expires after fourteen days without a merge', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    await operation.sleep('13 days');
    expect(world.status).toBe('in_review');
    await operation.sleep('2 days');
    expect(await operation.result()).toEqual({ status: 'expired' });
    expect(world).toMatchObject({ version: 'destroyed' });
    expect(world.pullRequest?.state).toBe('closed');
  });

  it('aborts while the pull request is open', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    await operation.answer({ answer: 'abort' });
    expect(await operation.result()).toEqual({ status: 'aborted' });
    expect(world).toMatchObject({ version: 'destroyed', status: 'aborted' });
  });

  it('rolls forward when the merge was first', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.pullRequest!.state = 'merged';
    await operation.answer({ answer: 'abort' });
    expect(await operation.result()).toEqual({ status: 'active' });
    expect(world).toMatchObject({ version: 'current', published: true });
  });

  it('refuses to abort after the merge', async () => {
    const world = createWorld();
    world.fail('activate', 'merged_differently');
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    await operation.merge();
    await operation.until(() => world.waiting === 'merged_differently');
    expect(await operation.refusal({ answer: 'abort' })).toBe('already_merged');
    await operation.answer({ answer: 'adopt' });
    expect(await operation.result()).toEqual({ status: 'active' });
    expect(world.last.activate).toMatchObject({ adopt: true });
  });

  it('refuses answers when nothing waits', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    expect(await operation.refusal({ answer: 'retry' })).toBe('answer_not_accepted');
  });
});

describe('waiting for people', () => {
  for (const reason of ['credentials_rejected', 'permission_missing', 'mode_mismatch', 'credentials_expired'] as const)
    it(`waits on ${reason} and goes on with the credentials that replace the first`, async () => {
      const world = createWorld();
      world.fail('testCredentials', reason);
      const operation = await start(world);
      await operation.until(() => world.waiting === reason);
      expect(await operation.progress()).toMatchObject({ step: 'test', needsAttention: reason });
      expect(await operation.refusal({ answer: 'overwrite' })).toBe('answer_not_accepted');

      world.submissions.add('sub_second');
      await operation.answer({ answer: 'replaceCredentials', submission: 'sub_second' });
      await operation.until(() => world.calls.includes('readPullRequest'));
      expect(world.versionFrom).toBe('sub_second');
      expect(world.waiting).toBeUndefined();
      await operation.merge();
      expect(await operation.result()).toEqual({ status: 'active' });
    });

  for (const name of ['validate', 'generate', 'openPullRequest', 'readPullRequest'] as const)
    it(`throws nothing away when ${name} finds that the code host shows no such repository`, async () => {
      const world = createWorld();
      world.fail(name, 'not_found');
      const operation = await start(world);
      await operation.until(() => world.waiting === 'code_host_refused');
      await operation.answer({ answer: 'retry' });
      await operation.until(() => world.calls.includes('readPullRequest') && world.waiting === undefined);
      await operation.merge();
      expect(await operation.result()).toEqual({ status: 'active' });
      expect(world.calls).not.toContain('closePullRequest');
    });

  for (const [name, reason] of [
    ['validate', 'code_host_refused'],
    ['testCredentials', 'provider_unavailable'],
    ['runPipeline', 'sandbox_missing'],
  ] as const)
    it(`goes on by itself when ${reason} was mended without an answer`, async () => {
      const world = createWorld();
      world.fail(name, reason);
      const operation = await start(world);
      await operation.until(() => world.waiting === reason);
      await operation.sleep('50 minutes');
      expect(world.waiting).toBe(reason);
      await settle(operation, () => world.calls.includes('readPullRequest'));
      expect(world.waiting).toBeUndefined();
    });

  it('tries nothing again by itself that only an answer can mend', async () => {
    const world = createWorld();
    world.fail('testCredentials', 'credentials_rejected');
    const operation = await start(world);
    await operation.until(() => world.waiting === 'credentials_rejected');
    await operation.sleep('10 days');
    expect(world.waiting).toBe('credentials_rejected');
    expect(count(world, 'testCredentials')).toBe(1);
  });

  it('says so after the merge when a step fails again and again, and goes on by itself once it does not', async () => {
    const world = createWorld();
    world.fail('activate', 'internal', { times: 15, retryable: true });
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    await operation.merge();
    await settle(operation, () => world.waiting === 'merged_differently');
    expect(await operation.progress()).toMatchObject({ step: 'activate', needsAttention: 'merged_differently' });
    expect(await operation.result()).toEqual({ status: 'active' });
  });

  it('waits again when a retry meets the same', async () => {
    const world = createWorld();
    world.fail('testCredentials', 'credentials_rejected', { times: 2 });
    const operation = await start(world);
    await operation.until(() => world.waiting === 'credentials_rejected');
    await operation.answer({ answer: 'retry' });
    await operation.until(() => world.calls.filter((name) => name === 'testCredentials').length === 2);
    await operation.until(() => world.waiting === 'credentials_rejected');
    await operation.answer({ answer: 'abort' });
    expect(await operation.result()).toEqual({ status: 'aborted' });
  });

  it('plans again at the new base when validation failed and a person says retry', async () => {
    const world = createWorld();
    world.fail('recordPipeline', 'validation_failed');
    const operation = await start(world);
    await operation.until(() => world.waiting === 'validation_failed');
    expect(world.pullRequest).toBeUndefined();
    await operation.answer({ answer: 'retry' });
    await operation.until(() => world.calls.includes('readPullRequest'));
    expect(world.calls.filter((name) => name === 'generate')).toHaveLength(2);
  });

  it('asks for a person when the provider stays away', async () => {
    const world = createWorld();
    world.fail('testCredentials', 'provider_unavailable', { times: 7, retryable: true });
    const operation = await start(world);
    await settle(operation, () => world.waiting === 'provider_unavailable');
    await operation.answer({ answer: 'retry' });
    await operation.until(() => world.calls.includes('readPullRequest'));
  });

  it('tests and encrypts a replacement when a revoked key is found at activation', async () => {
    const world = createWorld();
    world.fail('activate', 'credentials_rejected');
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    await operation.merge();
    await operation.until(() => world.waiting === 'credentials_rejected');
    world.submissions.add('sub_second');
    await operation.answer({ answer: 'replaceCredentials', submission: 'sub_second' });
    expect(await operation.result()).toEqual({ status: 'active' });
    expect(world.versionFrom).toBe('sub_second');
  });

  it('tells later steps what a person chose for a value that exists', async () => {
    const world = createWorld();
    world.fail('validate', 'value_exists');
    const operation = await start(world);
    await operation.until(() => world.waiting === 'value_exists');
    await operation.answer({ answer: 'keep' });
    await operation.until(() => world.calls.includes('readPullRequest'));
    expect(world.last.validate).toMatchObject({ values: 'keep' });
    await operation.merge();
    await operation.result();
    expect(world.last.activate).toMatchObject({ values: 'keep' });
  });

  it('gives up at the deadline, and an answer leaves three more days', async () => {
    const world = createWorld();
    world.fail('testCredentials', 'credentials_rejected', { times: 2 });
    const operation = await start(world);
    await operation.until(() => world.waiting === 'credentials_rejected');
    await operation.sleep('13 days');
    await operation.answer({ answer: 'retry' });
    await operation.until(() => world.calls.filter((name) => name === 'testCredentials').length === 2);
    await operation.until(() => world.waiting === 'credentials_rejected');
    await operation.sleep('2 days');
    expect(world.status).not.toBe('expired');
    await operation.sleep('2 days');
    expect(await operation.result()).toEqual({ status: 'expired' });
  });
});

describe('while the pull request is open', () => {
  it('validates a head that people pushed', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.pullRequest!.head = 'theirs';
    await operation.repositoryChanged();
    await operation.until(() => world.calls.includes('updatePullRequest'));
    expect(world.last.checkHead).toMatchObject({ head: 'theirs' });
    await operation.merge();
    expect(await operation.result()).toEqual({ status: 'active' });
  });

  it('notices a merge that came while a pushed head was validated', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.pullRequest!.head = 'theirs';
    let validated = false;
    world.during.runPipeline = () => {
      validated = true;
      world.pullRequest!.state = 'merged';
    };
    await operation.repositoryChanged();
    await operation.until(() => world.status === 'active');
    expect(validated).toBe(true);
    expect(await operation.result()).toEqual({ status: 'active' });
  });

  it('shows a head that fails, and takes the next one, also one that was validated before', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.fail('checkHead', 'validation_failed');
    world.pullRequest!.head = 'broken';
    await operation.repositoryChanged();
    await operation.until(() => world.waiting === 'validation_failed');
    // The pull request says by now that it is not validated.
    world.pullRequest!.head = 'ours';
    await operation.repositoryChanged();
    await operation.until(() => world.calls.includes('updatePullRequest'));
    await operation.until(() => world.waiting === undefined);
    expect(world.last.updatePullRequest).toMatchObject({ head: 'ours' });
  });

  it('tries a head that failed again when a person answers, and for no other news', async () => {
    const world = createWorld();
    const operation = await start(world);
    const count = (activity: string) => world.calls.filter((name) => name === activity).length;
    await operation.until(() => count('readPullRequest') === 1);
    world.fail('checkHead', 'validation_failed');
    world.pullRequest!.head = 'broken';
    await operation.repositoryChanged();
    await operation.until(() => world.waiting === 'validation_failed');
    // The second read comes after all that the first one led to.
    for (const reads of [3, 4]) {
      await operation.repositoryChanged();
      await operation.until(() => count('readPullRequest') === reads);
    }
    expect(count('checkHead')).toBe(1);
    await operation.answer({ answer: 'retry' });
    await operation.until(() => count('updatePullRequest') === 1);
    expect(count('checkHead')).toBe(2);
  });

  it('shows a manual edit until the head has it', async () => {
    const world = createWorld();
    const operation = await start(world);
    world.pullRequest = { state: 'open', head: 'ours', manual: ['Wrap App.tsx.'] };
    await operation.until(() => world.waiting === 'manual_edit_needed');
    world.pullRequest.head = 'edited';
    world.pullRequest.manual = [];
    await operation.repositoryChanged();
    await operation.until(() => world.waiting === undefined && world.calls.includes('updatePullRequest'));
  });

  it('merges a base that moved into the branch, and takes the commit for validated', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    await baseMoves(world, operation, 'base 2');
    await operation.until(() => world.pullRequest?.head === 'ours+base 2');
    await operation.repositoryChanged();
    await operation.until(() => count(world, 'readPullRequest') >= 3);
    expect(world.calls.slice(world.calls.indexOf('generateMerge')).slice(0, 5)).toEqual([
      'generateMerge',
      'recordWait',
      'runPipeline',
      'recordPipeline',
      'synchronizeBranch',
    ]);
    expect(world.calls).not.toContain('checkHead');
    expect(world.waiting).toBeUndefined();
    await operation.merge();
    expect(await operation.result()).toEqual({ status: 'active' });
  });

  it('shows a conflict once, and tries again when base or head move or somebody answers', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.fail('generateMerge', 'branch_conflict', { times: 3 });
    await baseMoves(world, operation, 'base 2');
    await operation.until(() => world.waiting === 'branch_conflict');
    await operation.repositoryChanged();
    await operation.until(() => count(world, 'readPullRequest') === 3);
    expect(count(world, 'generateMerge')).toBe(1);

    await operation.answer({ answer: 'retry' });
    await operation.until(() => count(world, 'generateMerge') === 2);
    await operation.until(() => world.waiting === 'branch_conflict');
    await baseMoves(world, operation, 'base 3');
    await settle(operation, () => count(world, 'generateMerge') === 3);
    // A head that people push is validated, whether it merges or not.
    world.fail('generateMerge', 'branch_conflict');
    world.pullRequest!.head = 'theirs';
    await operation.repositoryChanged();
    await settle(operation, () => world.calls.includes('updatePullRequest'));
    await operation.until(() => world.waiting === 'branch_conflict');
    expect(count(world, 'generateMerge')).toBe(4);
    expect(await operation.progress()).toMatchObject({ step: 'pull_request', needsAttention: 'branch_conflict' });
    world.pullRequest!.head = 'merged by hand';
    world.behind = false;
    await operation.repositoryChanged();
    await settle(operation, () => world.waiting === undefined && count(world, 'updatePullRequest') === 2);
    expect(world.last.updatePullRequest).toMatchObject({ head: 'merged by hand' });
  });

  it('reads again when somebody pushed while a base was merged, and shows a refusal that stays', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.during.recordPipeline = () => {
      world.pullRequest!.head = 'theirs';
      delete world.during.recordPipeline;
    };
    await baseMoves(world, operation, 'base 2');
    await operation.until(() => world.pullRequest?.head === 'theirs+base 2');
    expect(world.calls).not.toContain('checkHead');
    world.fail('synchronizeBranch', 'code_host_refused');
    await baseMoves(world, operation, 'base 3');
    await settle(operation, () => world.waiting === 'code_host_refused');
  });

  it('takes a head for still behind only once, and lets people say when to try again', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.during.readPullRequest = () => {
      world.behind = true;
    };
    await baseMoves(world, operation, 'base 2');
    await settle(operation, () => world.waiting === 'branch_conflict');
    await operation.repositoryChanged();
    await operation.sleep('5 minutes');
    expect(count(world, 'generateMerge')).toBe(1);
    await operation.answer({ answer: 'retry' });
    await settle(operation, () => count(world, 'generateMerge') === 2);
  });

  it('takes what the base has already for merged', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.brought = true;
    await baseMoves(world, operation, 'base 2');
    await operation.until(() => world.published);
    expect(await operation.result()).toEqual({ status: 'active' });
    expect(count(world, 'generateMerge')).toBe(1);
  });

  it('shows no failure of a head that is not the newest any more', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.fail('checkHead', 'validation_failed');
    world.pullRequest!.head = 'broken';
    await operation.repositoryChanged();
    await operation.until(() => world.waiting === 'validation_failed');
    await baseMoves(world, operation, 'base 2');
    await settle(operation, () => world.pullRequest?.head === 'broken+base 2');
    await operation.sleep('1 minute');
    expect(world.waiting).toBeUndefined();
    expect(await operation.progress()).toEqual({ status: 'in_review', step: 'pull_request' });
  });

  it('reads again, and validates nothing, while the code host still gives the head before our commit', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.during.synchronizeBranch = () => world.stale.push('ours', 'ours', 'ours');
    await baseMoves(world, operation, 'base 2');
    await settle(operation, () => world.pullRequest?.head === 'ours+base 2' && world.stale.length === 0);
    await operation.sleep('1 minute');
    expect(world.calls).not.toContain('checkHead');
    expect(count(world, 'runPipeline')).toBe(2);
    // A branch that stays where it was has been set back by somebody.
    world.pullRequest!.head = 'ours';
    await operation.repositoryChanged();
    await settle(operation, () => world.calls.includes('updatePullRequest'));
    expect(world.last.checkHead).toMatchObject({ head: 'ours' });
  });

  it('goes on as it was when the workflow continues as new', async () => {
    const world = createWorld();
    world.pullRequest = { state: 'open', head: 'broken', manual: [] };
    const matter = { reason: 'validation_failed', message: 'The types do not hold.' } as const;
    world.requests.push({ id: 'again', command: 'abort', by: 'mallory', allowed: false });
    const failed = { head: 'broken', base: 'base', matter };
    // The shared clock has been moved on by other tests, by years where a workflow waited without a timer.
    const farAway = Date.now() + 1e13;
    const review = { head: '', deadline: farAway, failed, told: ['mallory'], choices: { adopt: true } };
    const operation = await start(world, { review });
    await operation.until(() => world.waiting === 'validation_failed');
    expect(world.calls).toEqual(['readPullRequest', 'recordWait']);
    await operation.merge();
    expect(await operation.result()).toEqual({ status: 'active' });
    expect(world.last.activate).toMatchObject({ adopt: true });

    const asked = createWorld();
    asked.pullRequest = { state: 'open', head: 'ours', manual: [] };
    await start(asked, { review: { head: 'ours', deadline: review.deadline, regenerating: true } });
    await operation.until(() => asked.pullRequest?.head === 'ours+base');
  });

  it('rolls forward when the merge comes while the base is merged into the branch', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.during.generateMerge = () => {
      world.pullRequest!.state = 'merged';
    };
    await baseMoves(world, operation, 'base 2');
    expect(await operation.result()).toEqual({ status: 'active' });
    expect(world.calls).not.toContain('synchronizeBranch');
  });

  it('still shows a manual edit that is missing after another commit', async () => {
    const world = createWorld();
    const operation = await start(world);
    world.pullRequest = { state: 'open', head: 'ours', manual: ['Wrap App.tsx.'] };
    await operation.until(() => world.waiting === 'manual_edit_needed');
    world.pullRequest.head = 'another';
    await operation.repositoryChanged();
    await operation.until(() => world.calls.includes('updatePullRequest'));
    await operation.until(() => world.waiting === 'manual_edit_needed');
  });

  it('reads a burst of changes a few times, not once each', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    for (let count = 0; count < 40; count += 1) await operation.repositoryChanged();
    await operation.until(() => world.calls.filter((name) => name === 'readPullRequest').length >= 2);
    await operation.merge();
    await operation.result();
    expect(world.calls.filter((name) => name === 'readPullRequest').length).toBeLessThan(10);
  });

  it('reads at once for a person who answers, however often it has read lately', async () => {
    const world = createWorld();
    const operation = await start(world);
    const reads = () => world.calls.filter((name) => name === 'readPullRequest').length;
    await operation.until(() => reads() === 1);
    world.pullRequest!.manual = ['Paste the wrap.'];
    for (let read = 2; read <= 5; read += 1) {
      await operation.repositoryChanged();
      await operation.until(() => reads() === read);
    }
    await operation.until(() => world.waiting === 'manual_edit_needed');
    await operation.answer({ answer: 'retry' });
    await operation.until(() => reads() === 6);
  });

  it('reads again at once for an answer that comes while it reads', async () => {
    const world = createWorld();
    const operation = await start(world);
    const reads = () => world.calls.filter((name) => name === 'readPullRequest').length;
    await operation.until(() => reads() === 1);
    world.pullRequest!.manual = ['Paste the wrap.'];
    world.during.readPullRequest = () => (reads() === 5 ? operation.answer({ answer: 'retry' }) : undefined);
    for (let read = 2; read <= 5; read += 1) {
      await operation.repositoryChanged();
      await operation.until(() => reads() >= read && (read > 2 || world.waiting === 'manual_edit_needed'));
    }
    await operation.until(() => reads() === 6);
  });
});

describe('commands at the pull request', () => {
  const request = (command: Command, more: Partial<PersonsRequest> = {}): PersonsRequest => ({
    id: `asks ${command}`,
    command,
    by: 'maria',
    allowed: true,
    ...more,
  });

  it('validates the head again for retry, also one that failed', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.fail('checkHead', 'validation_failed');
    world.pullRequest!.head = 'theirs';
    await operation.repositoryChanged();
    await operation.until(() => world.waiting === 'validation_failed');
    world.requests.push(request('retry'));
    await operation.repositoryChanged();
    await operation.until(() => world.calls.includes('updatePullRequest'));
    expect(world.answers).toEqual({ 'asks retry': expect.stringContaining('validated again') });
    expect(world.calls.indexOf('answerRequest')).toBeLessThan(world.calls.lastIndexOf('checkHead'));

    world.requests.push(request('retry', { id: 'once more' }));
    await operation.repositoryChanged();
    await settle(operation, () => count(world, 'updatePullRequest') === 2);
    expect(count(world, 'answerRequest')).toBe(2);
  });

  it('plans again on the newest base for regenerate, though the branch is not behind', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.requests.push(request('regenerate'));
    await operation.repositoryChanged();
    await operation.until(() => world.pullRequest?.head === 'ours+base');
    expect(count(world, 'generateMerge')).toBe(1);
  });

  it('obeys regenerate also when somebody pushes meanwhile, or a retry has to come first', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.during.recordPipeline = () => {
      world.pullRequest!.head = 'theirs';
      delete world.during.recordPipeline;
    };
    world.requests.push(request('regenerate'));
    await operation.repositoryChanged();
    await settle(operation, () => world.pullRequest?.head === 'theirs+base');

    world.fail('generateMerge', 'project_changed');
    world.requests.push(request('regenerate', { id: 'once more' }));
    await operation.repositoryChanged();
    await settle(operation, () => world.waiting === 'project_changed');
    await operation.answer({ answer: 'retry' });
    await settle(operation, () => world.pullRequest?.head === 'theirs+base+base');
    // Once is enough.
    const planned = count(world, 'generateMerge');
    await operation.repositoryChanged();
    await operation.sleep('5 minutes');
    expect(count(world, 'generateMerge')).toBe(planned);
  });

  it('takes the installation back for abort, and leaves an installed one as it is', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.requests.push(request('retry'), request('abort'));
    await operation.repositoryChanged();
    expect(await operation.result()).toEqual({ status: 'aborted' });
    expect(world.answers['asks abort']).toContain('taken back');
    expect(world.last.deactivate).toMatchObject({ because: 'Aborted by maria at the pull request.' });
  });

  it('answers those who may not write, and obeys nothing after the merge', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.requests.push(request('abort', { allowed: false }));
    await operation.repositoryChanged();
    await operation.until(() => 'asks abort' in world.answers);
    expect(world.answers['asks abort']).toContain('may write');
    world.requests.push(request('abort', { id: 'late' }));
    await operation.merge();
    expect(await operation.result()).toEqual({ status: 'active' });
    expect(world.answers).not.toHaveProperty('late');
  });

  it('tells each of those who may not write once, a few at a time', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    for (let index = 0; index < 40; index += 1)
      world.requests.push(request('retry', { id: `asks ${index}`, by: `stranger ${index % 8}`, allowed: false }));
    await operation.repositoryChanged();
    await settle(operation, () => count(world, 'answerRequest') === 5);
    await operation.repositoryChanged();
    await settle(operation, () => count(world, 'answerRequest') === 8);
    await operation.repositoryChanged();
    await operation.sleep('5 minutes');
    expect(count(world, 'answerRequest')).toBe(8);
    expect(world.calls).not.toContain('checkHead');
  });
});

describe('an outage that outlasts the tries of an activity', () => {
  for (const [name, code] of [
    ['generate', 'rate_limited'],
    ['openPullRequest', 'unavailable'],
    ['readPullRequest', 'rate_limited'],
  ] as const)
    it(`is waited for when ${name} meets ${code}`, async () => {
      const world = createWorld();
      world.fail(name, code, { times: 20, retryable: true });
      const operation = await start(world);
      await settle(operation, () => count(world, name) >= 8);
      expect(world.waiting).toBeUndefined();
      await operation.sleep('2 hours');
      expect(count(world, name)).toBeGreaterThan(20);
      await operation.merge();
      expect(await operation.result()).toEqual({ status: 'active' });
    });

  it('does not begin again what was done before it', async () => {
    const world = createWorld();
    const operation = await start(world);
    await operation.until(() => world.calls.includes('readPullRequest'));
    world.fail('synchronizeBranch', 'unavailable', { times: 8, retryable: true });
    await baseMoves(world, operation, 'base 2');
    await settle(operation, () => world.pullRequest?.head === 'ours+base 2');
    expect(count(world, 'runPipeline')).toBe(2);
  });

  it('ends with the deadline', async () => {
    const world = createWorld();
    world.fail('generate', 'unavailable', { times: 4000, retryable: true });
    const operation = await start(world, { deadline: Date.now() + 24 * 60 * 60 * 1000 });
    await operation.sleep('25 hours');
    expect(await operation.result()).toEqual({ status: 'expired' });
    expect(world.status).toBe('expired');
  });
});

describe('an operator in the Temporal UI', () => {
  it('cancels, and everything is taken back', async () => {
    const world = createWorld();
    world.fail('testCredentials', 'credentials_rejected');
    const operation = await start(world);
    await operation.until(() => world.waiting === 'credentials_rejected');
    await operation.cancel();
    expect(await operation.result()).toEqual({ status: 'aborted' });
    expect(world).toMatchObject({ status: 'aborted', version: 'none' });
  });
});

describe('a workflow that was lost', () => {
  it('goes on undoing, and begins nothing', async () => {
    const world = createWorld();
    world.version = 'current';
    world.pullRequest = { state: 'open', head: 'ours', manual: [] };
    const operation = await start(world, { undo: { outcome: 'declined', because: 'Closed.' } });
    expect(await operation.result()).toEqual({ status: 'declined' });
    expect(world.calls).toEqual(['recordWait', 'closePullRequest', 'destroyVersion', 'deactivate']);
    expect(world.last.deactivate).toMatchObject({ status: 'declined', because: 'Closed.' });
    expect(world).toMatchObject({ version: 'destroyed', pullRequest: { state: 'closed' } });
  });

  it('rolls forward instead when the merge was first', async () => {
    const world = createWorld();
    world.version = 'current';
    world.pullRequest = { state: 'merged', head: 'ours', manual: [] };
    const operation = await start(world, { undo: { outcome: 'aborted', because: 'Aborted by a person.' } });
    expect(await operation.result()).toEqual({ status: 'active' });
    expect(world).toMatchObject({ version: 'current', published: true });
  });

  it('takes back what it did before, also when it fails at its first step now', async () => {
    const world = createWorld();
    world.version = 'current';
    world.pullRequest = { state: 'open', head: 'ours', manual: [] };
    world.fail('validate', 'unsupported_sdk');
    const operation = await start(world);
    await expect(operation.result()).rejects.toThrow();
    expect(world).toMatchObject({ version: 'destroyed', status: 'failed', pullRequest: { state: 'closed' } });
  });

  it('keeps the deadline that it had', async () => {
    const world = createWorld();
    const operation = await start(world, { deadline: Date.now() + 2 * 24 * 60 * 60 * 1000 });
    await operation.until(() => world.calls.includes('readPullRequest'));
    await operation.sleep('3 days');
    expect(await operation.result()).toEqual({ status: 'expired' });
  });
});
