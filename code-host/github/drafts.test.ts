import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type GithubHostUnderTest,
  appPermissions,
  closeGithub,
  makeGithubHost,
  tokenPermissions,
} from '../../test/harness/github-code-host.ts';
import { createGithubCodeHost } from './index.ts';

const branch = 'graft/install/ins_1';
const text = { title: 'Add', body: 'why', draft: true, labels: ['graft'] };

let made: GithubHostUnderTest;
beforeEach(async () => {
  made = await makeGithubHost({ 'readme.md': { mode: '100644', text: 'one\n' } }, 'app');
  const { commit } = await made.host.readBase(made.repository);
  const changes = [{ path: 'added.txt', mode: '100644', bytes: Buffer.from('added\n') }] as const;
  const at = { repository: made.repository, branch, parents: [commit], onto: commit, expectedHead: null };
  await made.host.commit({ ...at, changes, message: 'Add' });
});
afterEach(async () => await made.remove());
afterAll(closeGithub);

const open = async (draft: boolean) => await made.host.openPullRequest(made.repository, branch, { ...text, draft });

describe('a draft', () => {
  it('is opened ready where the repository has none, and stays ready', async () => {
    const { host, repository, github } = made;
    await github.configure(repository, { drafts: false });
    const opened = await open(true);
    expect(opened).toMatchObject({ number: 1, draft: false, labels: ['graft'] });
    expect(await open(true)).toMatchObject({ number: 1, draft: false });
    await host.updatePullRequest(repository, 1, { ...text, body: 'why not' });
    expect(await host.readPullRequest(repository, 1)).toMatchObject({ draft: false, body: 'why not' });
  });

  it.each([true, false])('of a closed pull request is left as it is (%s)', async (draft) => {
    const { host, repository, person } = made;
    const { number } = await open(draft);
    await person.pressClose(number);
    await host.updatePullRequest(repository, number, { ...text, body: 'new', draft: !draft });
    expect(await host.readPullRequest(repository, number)).toMatchObject({ draft, body: 'new', state: 'closed' });
  });

  it('is refused with the permission to give, where the App or the token has none', async () => {
    const { number } = await open(true);
    const [owner = ''] = made.repository.split('/');
    const { pull_requests: _write, ...permissions } = appPermissions;
    const app = await made.github.createApp({
      slug: `reads-${owner}`,
      permissions: { ...permissions, pull_requests: 'read' },
    });
    await made.github.installApp(app.appId, owner);
    const token = await made.github.personToken('robot', {
      permissions: { ...tokenPermissions, pull_requests: 'read' },
    });
    const identities = [
      { kind: 'app', appId: String(app.appId), privateKey: app.privateKey },
      { kind: 'token', token },
    ] as const;
    for (const identity of identities) {
      const host = createGithubCodeHost(made.another({ identity }));
      await expect(
        host.updatePullRequest(made.repository, number, { ...text, draft: false }),
        identity.kind,
      ).rejects.toMatchObject({
        code: 'code_host_refused',
        message: expect.stringMatching(/GitHub does not allow .* Give it /),
      });
    }
  });
});
