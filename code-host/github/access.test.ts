import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type GithubHostUnderTest,
  appPermissions,
  closeGithub,
  makeGithubHost,
  tokenPermissions,
} from '../../test/harness/github-code-host.ts';
import { createGithubCodeHost } from './index.ts';

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

describe('the identity', () => {
  it('of an App is one token for one repository with the least permissions, renewed before it ends', async () => {
    const tokens = () => made.takeRequests().filter(({ route }) => route.endsWith('/access_tokens')).length;
    await Promise.all([1, 2, 3].map(async () => await made.host.readBase(made.repository)));
    expect(tokens()).toBe(1);
    const { octokit } = await made.connection.repository(made.repository);
    const { data } = await octokit.request('GET /installation/repositories');
    expect(data.repositories.map(({ full_name }) => full_name)).toEqual([made.repository]);

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 54 * 60_000 });
    await made.host.readBase(made.repository);
    expect(tokens()).toBe(0);
    vi.setSystemTime(Date.now() + 2 * 60_000);
    await made.host.readBase(made.repository);
    expect(tokens()).toBe(1);
  });

  it('of an App takes a repository that was renamed for none that is gone', async () => {
    const message =
      'There is at least one repository that does not exist or is not accessible to the parent installation.';
    made.proxy.fail({ path: /\/access_tokens$/, fault: { kind: 'refused', status: 422, message } });
    await expect(made.host.checkAccess(made.repository)).rejects.toMatchObject({
      code: 'code_host_refused',
      message: expect.stringContaining('was the repository renamed?'),
    });
  });

  it('of an App asks for no more than it was granted, and says what is missing and where to give it', async () => {
    const { checks: _, ...fewer } = appPermissions;
    const { appId, privateKey } = await made.github.createApp({
      slug: `small-${crypto.randomUUID()}`,
      permissions: fewer,
    });
    const [owner = ''] = made.repository.split('/');
    const identity = { kind: 'app', appId: String(appId), privateKey } as const;
    const host = createGithubCodeHost(made.another({ identity }));
    await expect(host.checkAccess(made.repository)).rejects.toMatchObject({
      code: 'code_host_refused',
      message: expect.stringMatching(/not installed for .* install it at http/),
    });
    await made.github.installApp(appId, owner);
    await expect(host.checkAccess(made.repository)).rejects.toMatchObject({
      code: 'code_host_refused',
      message: expect.stringContaining('“Checks: Read and write”'),
    });
    const { commit } = await host.readBase(made.repository);
    const check = { id: 'types', name: 'Types', verdict: 'passed', summary: 'fine', log: '' } as const;
    await expect(host.reportChecks(made.repository, 1, commit, [check])).rejects.toMatchObject({
      code: 'code_host_refused',
      message: expect.stringContaining('Checks'),
    });
  });

  it('of an App takes another token when GitHub does not take the last one any more', async () => {
    const [owner = ''] = made.repository.split('/');
    const slug = `again-${crypto.randomUUID()}`;
    const { appId, privateKey } = await made.github.createApp({ slug, permissions: appPermissions });
    const first = await made.github.installApp(appId, owner);
    const identity = { kind: 'app', appId: String(appId), privateKey } as const;
    const host = createGithubCodeHost(made.another({ identity }));
    await host.readBase(made.repository);
    await made.github.uninstallApp(first);
    await expect(host.readBase(made.repository)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(host.readBase(made.repository)).rejects.toMatchObject({ code: 'not_found' });
    await made.github.installApp(appId, owner);
    expect((await host.readBase(made.repository)).branch).toBe('main');
  });

  it('is enough as docs/github.md says, for the App and for a token', async () => {
    await made.host.checkAccess(made.repository);
    const token = await made.github.personToken('robot', { permissions: tokenPermissions });
    const host = createGithubCodeHost(made.another({ identity: { kind: 'token', token } }));
    await host.checkAccess(made.repository);
    await expect(host.checkAccess(made.absentRepository)).rejects.toMatchObject({ code: 'not_found' });
    await expect(made.host.checkAccess(made.absentRepository)).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each([
    ['pull_requests', /“Pull requests: /],
    ['secrets', /“Secrets: /],
    ['actions_variables', /“Variables: /],
    ['statuses', /“Commit statuses: /],
    ['actions', /“Actions: /],
  ])('of a token without %s is refused, naming it as GitHub does', async (missing, words) => {
    const permissions = Object.fromEntries(Object.entries(tokenPermissions).filter(([name]) => name !== missing));
    const token = await made.github.personToken('robot', { permissions });
    const host = createGithubCodeHost(made.another({ identity: { kind: 'token', token } }));
    await expect(host.checkAccess(made.repository)).rejects.toMatchObject({
      code: 'code_host_refused',
      message: words,
    });
  });

  it('is refused for an archived repository, for who may only read, and for no valid token', async () => {
    const reading = await made.github.personToken('reader', { permissions: tokenPermissions });
    const reader = createGithubCodeHost(made.another({ identity: { kind: 'token', token: reading } }));
    await expect(reader.checkAccess(made.repository)).rejects.toMatchObject({
      code: 'code_host_refused',
      message: /may not push/,
    });
    await made.github.configure(made.repository, { archived: true });
    await expect(made.host.checkAccess(made.repository)).rejects.toMatchObject({
      code: 'code_host_refused',
      message: /archived/,
    });
    await made.github.revoke(reading);
    await expect(reader.checkAccess(made.repository)).rejects.toMatchObject({
      code: 'code_host_refused',
      message: /not valid/,
    });
  });
});
