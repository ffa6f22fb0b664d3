import type { Octokit } from 'octokit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { refusal, startGithubUnderTest, type GithubUnderTest } from '../../test/harness/simulated-github.ts';

let under: GithubUnderTest;
let rest: Octokit['rest'];
let graphql: Octokit['graphql'];
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
  ({ rest, graphql } = await under.app(appId, privateKey).getInstallationOctokit(installation));
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

async function write(branch: string, path: string, content: string, parent = first): Promise<string> {
  const base = (await rest.git.getCommit({ ...shop, commit_sha: parent })).data.tree.sha;
  const { data: tree } = await rest.git.createTree({
    ...shop,
    base_tree: base,
    tree: [{ path, mode: '100644', content }],
  });
  const { data } = await rest.git.createCommit({
    ...shop,
    message: `Write ${path}`,
    tree: tree.sha,
    parents: [parent],
  });
  const ref = `heads/${branch}`;
  const known = await rest.git.listMatchingRefs({ ...shop, ref });
  if (known.data.some((found) => found.ref === `refs/${ref}`)) {
    await rest.git.updateRef({ ...shop, ref, sha: data.sha, force: true });
  } else {
    await rest.git.createRef({ ...shop, ref: `refs/${ref}`, sha: data.sha });
  }
  return data.sha;
}

const open = async (head: string, more: object = {}) =>
  (await rest.pulls.create({ ...shop, head, base: 'main', title: `Add ${head}`, ...more })).data;
const read = async (pull_number: number) => (await rest.pulls.get({ ...shop, pull_number })).data;
const change = (pull_number: number, wish: object) => rest.pulls.update({ ...shop, pull_number, ...wish });
const custom = (message: string) => ({
  status: 422,
  data: { message: 'Validation Failed', errors: [{ resource: 'PullRequest', code: 'custom', message }] },
});

test('a pull request is opened once, between two branches that differ', async () => {
  await freshRepository();
  const head = await write('side', 'b.txt', 'b\n');
  const pull = await open('side', { body: 'Because', draft: true });
  expect(pull).toMatchObject({
    number: 1,
    state: 'open',
    draft: true,
    body: 'Because',
    user: { login: 'graft[bot]', type: 'Bot' },
    head: { ref: 'side', sha: head, label: 'acme:side' },
    base: { ref: 'main', sha: first },
    commits: 1,
    additions: 1,
    changed_files: 1,
  });
  const kept = await rest.git.getRef({ ...shop, ref: 'pull/1/head' });
  expect(kept.data.object.sha).toBe(head);
  const again = { ...shop, head: 'side', base: 'main', title: 'x' };
  const twin = await refusal(rest.pulls.create(again));
  expect(twin).toMatchObject(custom('A pull request already exists for acme:side.'));
  await rest.git.createRef({ ...shop, ref: 'refs/heads/same', sha: first });
  expect(await refusal(rest.pulls.create({ ...again, head: 'same' }))).toMatchObject(
    custom('No commits between main and same'),
  );
  expect(await refusal(rest.pulls.create({ ...again, head: 'none' }))).toMatchObject({
    status: 422,
    data: { errors: [{ resource: 'PullRequest', field: 'head', code: 'invalid' }] },
  });
  expect(await refusal(rest.pulls.create({ ...again, base: 'none' }))).toMatchObject({
    data: { errors: [{ resource: 'PullRequest', field: 'base', code: 'invalid' }] },
  });
  expect(await refusal(rest.pulls.create({ ...shop, head: 'side', base: 'main' }))).toMatchObject({
    data: { errors: [{ field: 'title', code: 'missing_field' }] },
  });
  expect(await refusal(rest.pulls.get({ ...shop, pull_number: 99 }))).toMatchObject({ status: 404 });
});

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

test('pull requests are listed by state, head and base, page by page', async () => {
  await freshRepository();
  for (const branch of ['one', 'two', 'three']) {
    await write(branch, `${branch}.txt`, 'x\n');
    await open(branch);
  }
  await change(2, { state: 'closed' });
  const list = async (query: object = {}) =>
    (await rest.pulls.list({ ...shop, ...query })).data.map(({ number }) => number);
  expect(await list()).toEqual([3, 1]);
  expect(await list({ state: 'closed' })).toEqual([2]);
  expect(await list({ state: 'all', head: 'acme:two' })).toEqual([2]);
  expect(await list({ head: 'one' })).toEqual([3, 1]);
  expect(await list({ base: 'other' })).toEqual([]);
  expect(await list({ direction: 'asc' })).toEqual([1, 3]);
  const firstPage = await rest.pulls.list({ ...shop, state: 'all', per_page: 2 });
  expect(firstPage.headers.link).toContain('rel="next"');
  const client = under.client(await under.github.personToken('acme'));
  const all = await client.paginate(client.rest.pulls.list, { ...shop, state: 'all', per_page: 2 });
  expect(all.map(({ number }) => number)).toEqual([3, 2, 1]);
});

test('title and body change; a closed one is opened again unless its branch forbids it', async () => {
  await freshRepository();
  const head = await write('side', 'b.txt', 'b\n');
  const { number } = await open('side');
  const { data } = await change(number, { title: 'New', body: 'Text' });
  expect(data).toMatchObject({ title: 'New', body: 'Text' });
  expect((await change(number, { state: 'closed' })).data).toMatchObject({ state: 'closed', merged: false });
  expect((await change(number, { state: 'open' })).data).toMatchObject({ state: 'open', closed_at: null });
  await change(number, { state: 'closed' });

  await write('side', 'c.txt', 'c\n');
  const forced = 'state cannot be changed. The side branch was force-pushed or recreated.';
  expect(await refusal(change(number, { state: 'open' }))).toMatchObject(custom(forced));
  await rest.git.deleteRef({ ...shop, ref: 'heads/side' });
  const gone = 'state cannot be changed. The side branch has been deleted.';
  expect(await refusal(change(number, { state: 'open' }))).toMatchObject(custom(gone));
  expect(await read(number)).toMatchObject({ state: 'closed', head: { sha: head } });
  expect(await refusal(change(number, { title: ' ' }))).toMatchObject({ status: 422 });
  const closedBase = await refusal(change(number, { base: 'other' }));
  expect(closedBase).toMatchObject({
    data: { errors: [{ field: 'base', message: 'Cannot change the base branch of a closed pull request.' }] },
  });
});

test('deleting the branch of an open one closes it', async () => {
  await freshRepository();
  const head = await write('side', 'b.txt', 'b\n');
  const { number } = await open('side');
  await rest.git.deleteRef({ ...shop, ref: 'heads/side' });
  expect(await read(number)).toMatchObject({ state: 'closed', merged: false, head: { sha: head, ref: 'side' } });
});

test('commits and files are those that the head has and the base has not', async () => {
  await freshRepository();
  const one = await write('side', 'b.txt', 'b\n');
  const two = await write('side', 'c.txt', 'c\n', one);
  const { number } = await open('side');
  const { data: commits } = await rest.pulls.listCommits({ ...shop, pull_number: number });
  expect(commits.map(({ sha }) => sha)).toEqual([one, two]);
  const { data: files } = await rest.pulls.listFiles({ ...shop, pull_number: number });
  expect(files.map(({ filename, status }) => `${status} ${filename}`)).toEqual(['added b.txt', 'added c.txt']);
});

test('a draft is made ready and back by node id', async () => {
  await freshRepository();
  await write('side', 'b.txt', 'b\n');
  const { number, node_id: id } = await open('side', { draft: true });
  const merge = () => refusal(rest.pulls.merge({ ...shop, pull_number: number }));
  expect(await merge()).toMatchObject({ status: 405, data: { message: 'Pull Request is still a draft' } });
  const mutate = (mutation: string, pullRequestId = id) =>
    graphql(`mutation ($id: ID!) { ${mutation}(input: { pullRequestId: $id }) { pullRequest { id isDraft } } }`, {
      id: pullRequestId,
    });
  expect(await mutate('markPullRequestReadyForReview')).toMatchObject({
    markPullRequestReadyForReview: { pullRequest: { id, isDraft: false } },
  });
  expect((await read(number)).draft).toBe(false);
  const input = { input: { pullRequestId: id } };
  const query = `mutation ($input: ConvertPullRequestToDraftInput!) { convertPullRequestToDraft(input: $input) { pullRequest { id } } }`;
  await graphql(query, input);
  expect((await read(number)).draft).toBe(true);

  const asked =
    'query ($owner: String!, $name: String!, $number: Int!) { repository(owner: $owner, name: $name) { pullRequest(number: $number) { id } } }';
  const variables = { owner: 'acme', name: shop.repo, number };
  expect(await graphql(asked, variables)).toMatchObject({ repository: { pullRequest: { id } } });
  await expect(graphql(asked, { ...variables, number: 99 })).rejects.toThrow(/Could not resolve to a PullRequest/);
  await expect(mutate('markPullRequestReadyForReview', 'PR_none')).rejects.toThrow(/Could not resolve to a node/);
  const token = await under.github.personToken('acme', { permissions: { pull_requests: 'read' } });
  const weak = under.client(token).graphql(query, input);
  await expect(weak).rejects.toThrow('Resource not accessible by personal access token');
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

test('a repository without drafts says so', async () => {
  await freshRepository();
  await under.github.configure(name, { drafts: false });
  await write('side', 'b.txt', 'b\n');
  const draft = { ...shop, head: 'side', base: 'main', title: 'x', draft: true };
  expect(await refusal(rest.pulls.create(draft))).toMatchObject({
    status: 422,
    data: { message: 'Draft pull requests are not supported in this repository.' },
  });
  const { node_id: id } = await open('side');
  const query =
    'mutation ($id: ID!) { convertPullRequestToDraft(input: { pullRequestId: $id }) { pullRequest { id } } }';
  await expect(graphql(query, { id })).rejects.toThrow('Draft pull requests are not supported');
});

test('what is typed in a browser has the line ends of a form', async () => {
  await freshRepository();
  await write('side', 'b.txt', 'b\n');
  const { number } = await open('side', { body: 'one\ntwo' });
  expect((await read(number)).body).toBe('one\ntwo');
  await under.github.act('acme').editBody(name, number, 'one\ntwo');
  expect((await read(number)).body).toBe('one\r\ntwo');
  expect(under.github.repositories()).toContain(name);
});
