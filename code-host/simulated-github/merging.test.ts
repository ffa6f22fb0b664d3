import type { Octokit } from 'octokit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { writeBranch } from '../../test/harness/github-writing.ts';
import { refusal, startGithubUnderTest, type GithubUnderTest } from '../../test/harness/simulated-github.ts';

let under: GithubUnderTest;
let rest: Octokit['rest'];
let shop: { owner: string; repo: string };
let name: string;
let first: string;
let count = 0;

beforeAll(async () => {
  under = await startGithubUnderTest();
  const { appId, privateKey } = await under.github.createApp({
    slug: 'graft',
    permissions: { contents: 'write', pull_requests: 'write', statuses: 'write' },
  });
  const installation = await under.github.installApp(appId, 'acme');
  ({ rest } = await under.app(appId, privateKey).getInstallationOctokit(installation));
});

afterEach(() => under.proxy.assertDescribed());
afterAll(() => under.close());

/** A repository with one commit for each test. */
async function freshRepository(): Promise<void> {
  shop = { owner: 'acme', repo: `shop-${++count}` };
  name = `acme/${shop.repo}`;
  await under.github.createRepository({ owner: 'acme', name: shop.repo, private: true, files: { 'a.txt': 'a\n' } });
  first = (await rest.git.getRef({ ...shop, ref: 'heads/main' })).data.object.sha;
}

const write = (branch: string, path: string, content: string, parent = first) =>
  writeBranch(rest, shop, { branch, path, content, parent });

const open = async (head: string, more: object = {}) =>
  (await rest.pulls.create({ ...shop, head, base: 'main', title: `Add ${head}`, ...more })).data;
const read = async (pull_number: number) => (await rest.pulls.get({ ...shop, pull_number })).data;
const change = (pull_number: number, wish: object) => rest.pulls.update({ ...shop, pull_number, ...wish });

test('mergeability is unknown at first, and after each change', async () => {
  await freshRepository();
  await write('side', 'a.txt', 'side\n');
  const { number } = await open('side');
  expect(await read(number)).toMatchObject({ mergeable: null, mergeable_state: 'unknown' });
  const known = await read(number);
  expect(known).toMatchObject({ mergeable: true, mergeable_state: 'clean' });
  expect((await rest.git.getRef({ ...shop, ref: `pull/${number}/merge` })).data.object.sha).toBe(
    known.merge_commit_sha,
  );
  await rest.repos.createCommitStatus({ ...shop, sha: known.head.sha, state: 'pending' });
  expect(await read(number)).toMatchObject({ mergeable: true, mergeable_state: 'unstable' });
  await write('main', 'a.txt', 'main\n');
  expect(await read(number)).toMatchObject({ mergeable: null });
  expect(await read(number)).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
  const refused = await refusal(rest.pulls.merge({ ...shop, pull_number: number }));
  expect(refused).toMatchObject({ status: 405, data: { message: 'Pull Request is not mergeable' } });
});

test('deleting the branch of an open one closes it', async () => {
  await freshRepository();
  const head = await write('side', 'b.txt', 'b\n');
  const { number } = await open('side');
  await rest.git.deleteRef({ ...shop, ref: 'heads/side' });
  expect(await read(number)).toMatchObject({ state: 'closed', merged: false, head: { sha: head, ref: 'side' } });
});

test.each(['merge', 'squash', 'rebase'] as const)(
  'the method %s merges, once, and only the head that was meant',
  async (method) => {
    await freshRepository();
    const one = await write('side', 'b.txt', 'b\n');
    const head = await write('side', 'c.txt', 'c\n', one);
    const main = await write('main', 'd.txt', 'd\n');
    const { number } = await open('side');
    const merge = (wish: object = {}) =>
      rest.pulls.merge({ ...shop, pull_number: number, merge_method: method, ...wish });
    expect(await refusal(merge({ sha: one }))).toMatchObject({
      status: 409,
      data: { message: 'Head branch was modified. Review and try the merge again.' },
    });
    await under.github.configure(name, { allow: { [method]: false } });
    expect(await refusal(merge())).toMatchObject({ status: 405, data: { message: /not allowed on this repository/ } });
    await under.github.configure(name, { allow: { [method]: true }, deleteBranchOnMerge: true });
    const { data } = await merge({ sha: head });
    expect(data).toMatchObject({ merged: true, message: 'Pull Request successfully merged' });
    const after = await read(number);
    expect(after).toMatchObject({
      merged: true,
      state: 'closed',
      merge_commit_sha: data.sha,
      merged_by: { login: 'graft[bot]' },
      head: { sha: head },
      commits: 2,
      mergeable: null,
    });
    const { data: commit } = await rest.repos.getCommit({ ...shop, ref: 'main' });
    expect(commit.sha).toBe(data.sha);
    const parents = commit.parents.map(({ sha }) => sha);
    if (method === 'merge') expect(parents).toEqual([main, head]);
    if (method === 'squash') {
      expect(parents).toEqual([main]);
      expect(commit.commit.message).toBe('Add side (#1)\n\n* Write b.txt\n\n* Write c.txt');
    }
    if (method === 'rebase') expect(commit.commit.message).toBe('Write c.txt');
    expect(await refusal(rest.git.getRef({ ...shop, ref: 'heads/side' }))).toMatchObject({ status: 404 });
    expect(await refusal(merge())).toMatchObject({ status: 405 });
    expect(await refusal(change(number, { state: 'open' }))).toMatchObject({ status: 422 });
  },
);

test('a push moves the head, and one that brings it into the base is a merge', async () => {
  await freshRepository();
  const one = await write('side', 'b.txt', 'b\n');
  const { number } = await open('side');
  const two = await write('side', 'c.txt', 'c\n', one);
  expect((await read(number)).head.sha).toBe(two);
  expect((await rest.git.getRef({ ...shop, ref: `pull/${number}/head` })).data.object.sha).toBe(two);
  const { data: merged } = await rest.repos.merge({ ...shop, base: 'main', head: 'side' });
  expect(await read(number)).toMatchObject({
    merged: true,
    merge_commit_sha: merged.sha,
    merged_by: { login: 'graft[bot]' },
  });
});

test('a head that is set back to the base closes its pull request', async () => {
  await freshRepository();
  await write('side', 'b.txt', 'b\n');
  const { number } = await open('side');
  await rest.git.updateRef({ ...shop, ref: 'heads/side', sha: first, force: true });
  expect(await read(number)).toMatchObject({ state: 'closed', merged: false });
});

test('people act in the browser, and the merge queue merges', async () => {
  await freshRepository();
  const { github } = under;
  await write('side', 'b.txt', 'b\n');
  const { number } = await open('side', { draft: true });
  await github.addPerson('rosa');
  await github.setPermission(name, 'rosa', 'write');
  const rosa = github.act('rosa');
  await rosa.editBody(name, number, 'Edited');
  await rosa.close(name, number);
  await rosa.reopen(name, number);
  await rosa.markReady(name, number);
  expect(await read(number)).toMatchObject({ body: 'Edited', state: 'open', draft: false });
  await rosa.convertToDraft(name, number);
  await expect(rosa.merge(name, number)).rejects.toThrow('still a draft');
  await rosa.markReady(name, number);
  const sha = await github.mergeThroughQueue(name, number);
  expect(await read(number)).toMatchObject({
    merged: true,
    merge_commit_sha: sha,
    merged_by: { login: 'github-merge-queue[bot]' },
  });
  expect((await rest.git.listMatchingRefs({ ...shop, ref: 'heads/gh-readonly-queue' })).data).toEqual([]);

  await write('more', 'c.txt', 'c\n');
  const next = await open('more');
  await rosa.merge(name, next.number, 'squash');
  await rosa.deleteBranch(name, 'more');
  expect(await read(next.number)).toMatchObject({ merged: true, merged_by: { login: 'rosa' } });
});

test('auto-merge waits for the checks', async () => {
  await freshRepository();
  const { github } = under;
  const sha = await write('side', 'b.txt', 'b\n');
  const { number } = await open('side');
  const owner = github.act('acme');
  await expect(owner.enableAutoMerge(name, number)).rejects.toThrow('not allowed');
  await github.configure(name, { allowAutoMerge: true });
  await expect(owner.enableAutoMerge(name, number)).rejects.toThrow('clean status');
  const status = (state: 'pending' | 'success') => rest.repos.createCommitStatus({ ...shop, sha, state });
  await status('pending');
  await owner.enableAutoMerge(name, number, 'squash');
  expect(await read(number)).toMatchObject({ state: 'open', auto_merge: { merge_method: 'squash' } });
  await status('success');
  expect(await read(number)).toMatchObject({ merged: true, merged_by: { login: 'acme' }, auto_merge: null });
});
