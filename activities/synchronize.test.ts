import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commentAsReviewer, mergePullRequest } from '../code-host/local/review.ts';
import { branchName } from '../contract/ids.ts';
import { fakeKey } from '../test/harness/api.ts';
import { type ControlledApi, passedReport, startControlledApi } from '../test/harness/control.ts';
import { type LocalHostUnderTest, makeLocalHost } from '../test/harness/local-code-host.ts';
import { smallApp } from '../test/harness/small-app.ts';

// The workflow reads a busy repository once a minute.
const minutes = 60_000;
const good = { publishableKey: fakeKey('pk', 'test'), secretKey: fakeKey('sk', 'test') };
let host: LocalHostUnderTest;
let api: ControlledApi;
let project: string;

beforeAll(async () => {
  host = await makeLocalHost(smallApp);
  api = await startControlledApi(host.root);
  project = await api.newProject(host.repository);
}, 120_000);
afterAll(async () => {
  await api.stop();
  await host.remove();
});

const pathOf = (id: string) => `/projects/${project}/connectors/${id}`;
const read = async (id: string) => (await api.call('GET', pathOf(id))).body;
const until = (id: string, wanted: Record<string, unknown>) =>
  expect.poll(() => read(id), { timeout: 150_000, interval: 100 }).toMatchObject(wanted);
const inReview = { status: 'in_review', step: 'pull_request', needsAttention: null };

async function validated(id: string): Promise<void> {
  await until(id, { step: 'pipeline' });
  await (await api.takePipeline()).complete(passedReport);
}

async function numberOf(id: string): Promise<number> {
  return ((await read(id))['pullRequest'] as { number: number }).number;
}

async function installUntilReview(): Promise<{ id: string; branch: string; number: number }> {
  const body = { connector: 'stripe', environment: 'development', credentials: good };
  const id = String((await api.call('POST', `/projects/${project}/connectors`, { body })).body['id']);
  await validated(id);
  await until(id, { ...inReview, pullRequest: { state: 'open' } });
  return { id, branch: branchName('install', id), number: await numberOf(id) };
}

async function removeUntilReview(id: string): Promise<{ branch: string; number: number }> {
  await api.call('DELETE', pathOf(id));
  await validated(id);
  await until(id, { status: 'removing', pullRequest: { operation: 'remove', state: 'open' } });
  return { branch: branchName('remove', id), number: await numberOf(id) };
}

async function remove(id: string): Promise<void> {
  const { number } = await removeUntilReview(id);
  await mergePullRequest(host.root, host.repository, number);
  await until(id, { status: 'removed' });
}

async function show(ref: string, file: string): Promise<string> {
  await host.git('fetch', '--quiet', '--prune', 'origin');
  return host.git('show', `origin/${ref}:${file}`);
}

const headOf = async (branch: string) => (await host.git('ls-remote', 'origin', `refs/heads/${branch}`)).split('\t')[0];
const baseOf = async () => (await host.host.readBase(host.repository)).commit;
const withPackage = (text: string, name: string) => text.replace('"expo": ', `"${name}": "1.0.0",\n    "expo": `);
const pushed = (branch: string, file: string, edit: (text: string) => string) =>
  show(branch, file).then((text) => host.person.push(branch, { [file]: `${edit(text)}\n` }));

describe('a base that moves while a pull request is open', () => {
  it(
    'is merged into the branch by itself, keeps what a person did there, and ends as if it had been first',
    async () => {
      const { id, branch, number } = await installUntilReview();
      const theirs = await pushed(branch, 'App.tsx', (text) => text.replace('Hello', 'Welcome'));
      await validated(id);
      await until(id, { ...inReview, pullRequest: { head: theirs } });
      const unrelated = await host.person.push('main', { 'notes.md': 'of the base\n' });

      const base = await pushed('main', 'package.json', (text) => withPackage(text, 'a-base-package'));
      await validated(id);
      await expect.poll(() => headOf(branch), { timeout: 150_000 }).not.toBe(theirs);
      const merge = await headOf(branch);
      await until(id, { ...inReview, pullRequest: { head: merge, draft: false }, plan: { baseCommit: base } });
      await host.git('fetch', '--quiet', 'origin');
      expect(await host.git('rev-list', '--parents', '-n', '1', `${merge}`)).toBe(`${merge} ${theirs} ${base}`);
      expect(await host.git('merge-base', '--is-ancestor', unrelated, `${merge}`)).toBe('');
      expect(await show(branch, 'App.tsx')).toContain('Welcome');
      expect(JSON.parse(await show(branch, 'package.json'))).toMatchObject({
        dependencies: { 'a-base-package': '1.0.0', '@stripe/stripe-react-native': expect.any(String) },
      });
      const { body } = await host.host.readPullRequest(host.repository, number);
      expect(body).toContain(((await read(id))['plan'] as { planHash: string }).planHash);

      await mergePullRequest(host.root, host.repository, number);
      await until(id, { status: 'active', operation: null });
      await remove(id);
      expect(await show('main', 'App.tsx')).toContain('Welcome');
      expect(await show('main', 'App.tsx')).not.toContain('ConnectorProviders');
    },
    10 * minutes,
  );

  it(
    'is the base that the pull request names, also when another branch becomes the default',
    async () => {
      const { id, branch } = await installUntilReview();
      await host.git('push', '--quiet', 'origin', 'origin/main:refs/heads/next');
      const inBare = (ref: string) => host.git('--git-dir', host.bare, 'symbolic-ref', 'HEAD', `refs/heads/${ref}`);
      await inBare('next');
      const base = await pushed('main', 'package.json', (text) => withPackage(text, 'only-in-main'));
      await validated(id);
      await until(id, { ...inReview, plan: { baseCommit: base } });
      await expect.poll(() => show(branch, 'package.json'), { timeout: 150_000 }).toContain('only-in-main');
      await inBare('main');
      await api.call('POST', `${pathOf(id)}/abort`);
      await until(id, { status: 'aborted' });
    },
    10 * minutes,
  );

  it(
    'is left alone where it shares nothing with the pull request',
    async () => {
      const { id, branch } = await installUntilReview();
      const head = await headOf(branch);
      await host.person.push('main', { 'notes.md': 'of the base again\n' });
      await commentAsReviewer(host.root, host.repository, await numberOf(id), 'Does the base matter?');
      await commentAsReviewer(host.root, host.repository, await numberOf(id), '/graft retry');
      await validated(id);
      await expect
        .poll(async () => (await host.host.readRequests(host.repository, await numberOf(id))).length, {
          timeout: 150_000,
        })
        .toBe(0);
      await until(id, inReview);
      expect(await headOf(branch)).toBe(head);
      await api.call('POST', `${pathOf(id)}/abort`);
      await until(id, { status: 'aborted' });
    },
    10 * minutes,
  );

  it(
    'is a conflict that names the file, which a person ends by merging',
    async () => {
      const { id, branch, number } = await installUntilReview();
      await pushed(branch, 'App.tsx', (text) => text.replace(/>\w+</, '>Hi<'));
      await validated(id);
      await until(id, inReview);
      await pushed('main', 'App.tsx', (text) => text.replace(/>\w+</, '>Ahoy<'));
      await until(id, {
        needsAttention: {
          reason: 'branch_conflict',
          message: expect.stringContaining('App.tsx'),
          answers: ['retry', 'abort'],
        },
        step: 'pull_request',
      });

      await host.git('fetch', '--quiet', 'origin');
      await host.git('checkout', '--quiet', '-B', branch, `origin/${branch}`);
      await host.git('merge', '--quiet', '--strategy-option=ours', '--no-edit', 'origin/main');
      await host.git('push', '--quiet', 'origin', branch);
      await validated(id);
      await until(id, { ...inReview, pullRequest: { head: await headOf(branch) } });
      await mergePullRequest(host.root, host.repository, number);
      await until(id, { status: 'active' });
      expect(await show('main', 'App.tsx')).toContain('Hi');
      await remove(id);
    },
    10 * minutes,
  );

  it(
    'is merged into a removal too',
    async () => {
      const { id, number } = await installUntilReview();
      await mergePullRequest(host.root, host.repository, number);
      await until(id, { status: 'active' });
      const removal = await removeUntilReview(id);
      const theirs = await host.person.push(removal.branch, { 'why.md': 'too dear\n' });
      await validated(id);
      await until(id, { step: 'pull_request', pullRequest: { head: theirs } });
      const base = await pushed('main', 'package.json', (text) => withPackage(text, 'another-base-package'));
      await validated(id);
      await until(id, { step: 'pull_request', plan: { baseCommit: base } });
      await expect.poll(() => headOf(removal.branch), { timeout: 150_000 }).not.toBe(theirs);
      await mergePullRequest(host.root, host.repository, removal.number);
      await until(id, { status: 'removed' });
      expect(await show('main', 'why.md')).toBe('too dear');
      const manifest = await show('main', 'package.json');
      expect(manifest).toContain('another-base-package');
      expect(manifest).not.toContain('stripe');
    },
    10 * minutes,
  );
});

describe('commands at a pull request', () => {
  it(
    'plans again, mends what a push broke, and aborts, answering each once',
    async () => {
      const { id, branch, number } = await installUntilReview();
      const say = (text: string) => commentAsReviewer(host.root, host.repository, number, text);
      const unanswered = async () => (await host.host.readRequests(host.repository, number)).length;
      await pushed(branch, 'package.json', (text) => text.replace(/.*stripe-react-native.*\n/, ''));
      await until(id, { needsAttention: { reason: 'validation_failed' } });
      await say('/graft regenerate');
      await validated(id);
      await until(id, { ...inReview, pullRequest: { draft: false } });
      expect(await show(branch, 'package.json')).toContain('stripe-react-native');
      expect(await host.git('rev-list', '--count', `origin/main..origin/${branch}`)).toBe('3');

      await say('/graft abort');
      await until(id, { status: 'aborted', message: expect.stringContaining('reviewer') });
      expect(await unanswered()).toBe(0);
    },
    10 * minutes,
  );
});

describe('a merge by hand', () => {
  const ways: Record<string, (branch: string) => Promise<unknown>> = {
    'as a merge commit': (branch) => host.git('merge', '--quiet', '--no-ff', '--no-edit', `origin/${branch}`),
    'as a squash': async (branch) => {
      await host.git('merge', '--quiet', '--squash', `origin/${branch}`);
      await host.git('commit', '--quiet', '--message=Squashed by hand');
    },
    'as a rebase': async (branch) => {
      await host.git('checkout', '--quiet', '-B', 'rebased', `origin/${branch}`);
      await host.git('rebase', '--quiet', 'main');
      await host.git('checkout', '--quiet', 'main');
      await host.git('merge', '--quiet', '--ff-only', 'rebased');
    },
    'as a cherry-pick': (branch) => host.git('cherry-pick', `origin/${branch}`),
  };
  it.each(Object.keys(ways))(
    '%s is recognised by what the base holds, though the branch goes with it',
    async (way) => {
      const { id, branch } = await installUntilReview();
      // The base moved, so that no commit of the branch is one of the base.
      await host.person.push('main', { 'notes.md': `before it is merged ${way}\n` });
      await host.git('fetch', '--quiet', 'origin');
      await ways[way]?.(branch);
      await host.git('push', '--quiet', '--atomic', 'origin', 'main', `:${branch}`);
      await until(id, { status: 'active', pullRequest: { state: 'merged' } });
      expect(await baseOf()).toBe(await headOf('main'));
      await remove(id);
    },
    60_000,
  );
});
