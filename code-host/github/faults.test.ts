import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type GithubHostUnderTest,
  closeGithub,
  makeGithubHost,
  tokenPermissions,
} from '../../test/harness/github-code-host.ts';
import { startGithubFront } from '../../test/harness/github-front.ts';
import type { CodeHost, CommitInput } from '../../contract/code-host.ts';
import { createGithubCodeHost } from './index.ts';

const branch = 'graft/install/ins_1';
const text = { title: 'Add', body: 'why', draft: false, labels: ['graft'] };
const files = {
  'readme.md': { mode: '100644', text: 'one\ntwo\n' },
  'run.sh': { mode: '100755', text: '#!/bin/sh\n' },
} as const;

let made: GithubHostUnderTest;
beforeEach(async () => {
  made = await makeGithubHost(files, 'app');
});
afterEach(async () => {
  vi.useRealTimers();
  await made.remove();
});
afterAll(closeGithub);

async function commitInput(over: Partial<CommitInput> = {}): Promise<CommitInput> {
  const { commit } = await made.host.readBase(made.repository);
  const changes = [{ path: 'added.txt', mode: '100644', bytes: Buffer.from('added\n') }] as const;
  const at = { repository: made.repository, branch, parents: [commit], onto: commit, expectedHead: null };
  return { ...at, changes, message: 'Add', ...over };
}
async function open() {
  await made.host.commit(await commitInput());
  return await made.host.openPullRequest(made.repository, branch, text);
}

describe('requests to GitHub', () => {
  it('are 7 from planned to a pull request open, and at most 12 for a worker that has read nothing before', async () => {
    const count = async (host: CodeHost, onBranch: string): Promise<readonly string[]> => {
      const input = await commitInput({ branch: onBranch });
      made.takeRequests();
      expect(await host.findPullRequest(made.repository, onBranch)).toBeUndefined();
      await host.readSnapshot(made.repository, input.onto);
      await host.commit(input);
      await host.openPullRequest(made.repository, onBranch, text);
      return made.takeRequests().map(({ route }) => route);
    };
    await count(made.host, 'graft/install/ins_0');
    expect(await count(made.host, 'graft/install/ins_1')).toHaveLength(7);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 60_000 });
    expect(await count(made.host, 'graft/install/ins_2')).toHaveLength(7);
    const token = await made.github.personToken('robot', { permissions: tokenPermissions });
    const another = createGithubCodeHost(made.another({ identity: { kind: 'token', token } }));
    const routes = await count(another, 'graft/install/ins_3');
    expect(routes.length, routes.join('\n')).toBeLessThanOrEqual(12);
  });

  it('cost nothing for what did not change', async () => {
    const { number } = await open();
    const first = await made.host.readPullRequest(made.repository, number);
    made.takeRequests();
    expect(await made.host.readPullRequest(made.repository, number)).toEqual(first);
    const again = made.takeRequests();
    expect(again.length).toBeGreaterThan(0);
    expect(again.filter(({ status }) => status !== 304)).toEqual([]);
    expect((await made.host.readSnapshot(made.repository, first.base.commit)).size).toBe(2);
    made.takeRequests();
    await made.host.readSnapshot(made.repository, first.base.commit);
    expect(made.takeRequests()).toEqual([]);
  });

  it('never carry a name that is none', async () => {
    for (const name of ['app', 'a/b/c', 'acme/..', 'acme/app?x=1', '../user', 'acme/a b', '', 'acme/', '/app']) {
      await expect(made.host.readBase(name), name).rejects.toMatchObject({ code: 'invalid_request' });
    }
    for (const name of ['../../user', 'a b', '-x', 'a..b', 'x?y']) {
      await expect(made.host.deleteBranch(made.repository, name), name).rejects.toMatchObject({
        code: 'invalid_request',
      });
    }
  });
});

describe('what passes', () => {
  it.each([403, 429] as const)('is a limit told with %i, with the time to wait', async (status) => {
    made.proxy.fail({ path: /\/repos\//, fault: { kind: 'rate_limited', status, retryAfterSeconds: 40 } });
    const limited: unknown = await made.host.readBase(made.repository).catch((error: unknown) => error);
    expect(limited).toMatchObject({ code: 'rate_limited' });
    const { retryAfterSeconds } = limited as { retryAfterSeconds: number };
    expect(retryAfterSeconds).toBeGreaterThanOrEqual(40);
    expect(retryAfterSeconds).toBeLessThanOrEqual(48);
    expect((await made.host.readBase(made.repository)).branch).toBe('main');
  });

  it('is the primary limit until its reset', async () => {
    await made.host.readBase(made.repository);
    made.github.setRateLimit({ limit: 5000, remaining: 0, resetInSeconds: 120 });
    const limited: unknown = await made.host.readTree(made.repository, 'a'.repeat(40)).catch((error: unknown) => error);
    made.github.setRateLimit({ limit: 5000, remaining: 5000, resetInSeconds: 3600 });
    expect(limited).toMatchObject({ code: 'rate_limited' });
    expect((limited as { retryAfterSeconds: number }).retryAfterSeconds).toBeGreaterThan(100);
  });

  it('is a bad gateway', async () => {
    await made.host.readBase(made.repository);
    made.proxy.fail({ path: /\/branches\//, fault: { kind: 'bad_gateway' } });
    await expect(made.host.readBase(made.repository)).rejects.toMatchObject({ code: 'unavailable' });
  });

  const writes = [/git\/trees$/, /git\/commits$/, /git\/refs$/, /pulls$/, /issues\/\d+\/labels$/, /labels\/graft$/];
  it.each(writes)(
    'is a connection that breaks after the effect of %s: the next try ends with one of each',
    async (path) => {
      made.proxy.fail({ path, fault: { kind: 'reset_after_effect' } });
      const input = await commitInput();
      const once = async () => {
        await made.host.commit(input);
        return await made.host.openPullRequest(made.repository, branch, text);
      };
      const broken: unknown = await once().catch((error: unknown) => error);
      expect(broken).toMatchObject({ code: 'unavailable' });
      const pull = await once();
      expect(pull).toMatchObject({ number: 1, ours: true, state: 'open', labels: ['graft'] });
      expect(await made.host.listBranches(made.repository, 'graft')).toEqual([branch]);
      await made.git('fetch', '--quiet', 'origin');
      expect(await made.git('rev-list', '--count', `origin/main..origin/${branch}`)).toBe('1');
    },
  );

  it('is a branch that is shown as it was before we moved it', async () => {
    const first = await commitInput();
    const { commit } = await made.host.commit(first);
    const changes = [{ path: 'more.txt', mode: '100644', bytes: Buffer.from('more\n') }] as const;
    const next = await commitInput({ parents: [commit], onto: commit, expectedHead: commit, changes });
    const moved = await made.host.commit(next);
    made.proxy.fail({ method: 'GET', path: /\/git\/ref\//, fault: { kind: 'stale' }, times: 2 });
    const again: unknown = await made.host.commit(next).catch((error: unknown) => error);
    expect([moved, expect.objectContaining({ code: 'unavailable' })]).toContainEqual(again);
    expect(await made.host.commit(next)).toEqual(moved);
  });

  it('is a list that is older than what we opened', async () => {
    await made.host.commit(await commitInput());
    expect(await made.host.findPullRequest(made.repository, branch)).toBeUndefined();
    // With an older answer there is no condition to meet.
    const others = createGithubCodeHost(made.another());
    await others.openPullRequest(made.repository, branch, text);
    made.proxy.fail({ method: 'GET', path: /\/pulls\?/, fault: { kind: 'stale' } });
    const again = async () => await made.host.openPullRequest(made.repository, branch, text);
    await expect(again()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await again()).toMatchObject({ number: 1, state: 'open' });
  });
});

describe('a GitHub Enterprise Server', () => {
  it('is spoken to below its own path, GraphQL included', async () => {
    const front = await startGithubFront(made.proxy.url, {
      rewrite: (path) => path.replace(/^\/api\/(?:v3(?=\/)|(?=graphql$))/, (prefix) => (prefix === '/api/' ? '/' : '')),
    });
    try {
      const host = createGithubCodeHost(made.another({ apiUrl: `${front.url}/api/v3` }));
      await host.checkAccess(made.repository);
      const input = await commitInput();
      expect((await host.readSnapshot(made.repository, input.onto)).size).toBe(2);
      await host.commit(input);
      const { number } = await host.openPullRequest(made.repository, branch, { ...text, draft: true });
      await host.updatePullRequest(made.repository, number, text);
      expect(await host.readPullRequest(made.repository, number)).toMatchObject({ draft: false, ours: true });
    } finally {
      await front.close();
    }
  });
});
