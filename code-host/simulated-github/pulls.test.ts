import type { Octokit } from 'octokit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { writeBranch } from '../../test/harness/github-writing.ts';
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

const write = (branch: string, path: string, content: string, parent = first) =>
  writeBranch(rest, shop, { branch, path, content, parent });

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
