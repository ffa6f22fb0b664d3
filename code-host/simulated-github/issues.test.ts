import type { Octokit } from 'octokit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { refusal, startGithubUnderTest, type GithubUnderTest } from '../../test/harness/simulated-github.ts';

const shop = { owner: 'acme', repo: 'shop' };
let under: GithubUnderTest;
let rest: Octokit['rest'];
let onlyPulls: Octokit['rest'];
let now = Date.parse('2026-05-01T10:00:00Z');

beforeAll(async () => {
  under = await startGithubUnderTest({ now: () => new Date(now) });
  const { github } = under;
  await github.createRepository({ owner: 'acme', name: 'shop', private: true, files: { 'a.txt': 'a\n' } });
  await github.addPerson('rosa');
  await github.setPermission('acme/shop', 'rosa', 'read');
  const permissions = { issues: 'write', pull_requests: 'write', contents: 'write' } as const;
  ({ rest } = under.client(await github.personToken('acme', { permissions })));
  ({ rest: onlyPulls } = under.client(await github.personToken('acme', { permissions: { pull_requests: 'write' } })));
  const main = (await rest.git.getRef({ ...shop, ref: 'heads/main' })).data.object.sha;
  const { data: commit } = await rest.git.getCommit({ ...shop, commit_sha: main });
  const entry = { path: 'b.txt', mode: '100644', content: 'b\n' } as const;
  const { data: tree } = await rest.git.createTree({ ...shop, base_tree: commit.tree.sha, tree: [entry] });
  const { data: next } = await rest.git.createCommit({ ...shop, message: 'b', tree: tree.sha, parents: [main] });
  await rest.git.createRef({ ...shop, ref: 'refs/heads/side', sha: next.sha });
  await rest.pulls.create({ ...shop, head: 'side', base: 'main', title: 'Pull' });
});

afterEach(() => under.proxy.assertDescribed());
afterAll(() => under.close());

const pull = { ...shop, issue_number: 1 };

test('issues and pull requests share their numbers', async () => {
  const { data: issue } = await rest.issues.create({ ...shop, title: 'Broken', body: 'Look', labels: ['bug'] });
  expect(issue).toMatchObject({ number: 2, state: 'open', labels: [{ name: 'bug' }], user: { login: 'acme' } });
  expect((await rest.issues.get(pull)).data).toMatchObject({ title: 'Pull', pull_request: { merged_at: null } });
  const { data: all } = await rest.issues.listForRepo({ ...shop, state: 'all' });
  expect(all.map(({ number }) => number)).toEqual([2, 1]);
  expect((await rest.issues.listForRepo({ ...shop, labels: 'bug' })).data).toHaveLength(1);

  const mine = { ...shop, issue_number: 2 };
  const { data: closed } = await rest.issues.update({ ...mine, state: 'closed', title: 'Mended' });
  expect(closed).toMatchObject({ state: 'closed', title: 'Mended', state_reason: 'completed' });
  const { data: again } = await rest.issues.update({ ...mine, state: 'open', labels: [] });
  expect(again).toMatchObject({ state: 'open', labels: [], state_reason: 'reopened' });
  await rest.issues.update({ ...pull, state: 'closed', body: 'Text' });
  expect((await rest.pulls.get({ ...shop, pull_number: 1 })).data).toMatchObject({ state: 'closed', body: 'Text' });
  await rest.issues.update({ ...pull, state: 'open' });
  expect(await refusal(rest.issues.get({ ...shop, issue_number: 9 }))).toMatchObject({ status: 404 });
  expect(await refusal(rest.issues.create({ ...shop, title: '' }))).toMatchObject({ status: 422 });
});

test('comments are made, listed since a time, changed and deleted', async () => {
  const { data: one } = await rest.issues.createComment({ ...pull, body: 'One' });
  now += 60_000;
  const since = new Date(now).toISOString();
  const id = await under.github.act('rosa').comment('acme/shop', 1, 'Two');
  const list = async (query: object = {}) =>
    (await rest.issues.listComments({ ...pull, ...query })).data.map(({ body }) => body);
  expect(await list()).toEqual(['One', 'Two']);
  expect(await list({ since })).toEqual(['Two']);
  expect(await list({ per_page: 1, page: 2 })).toEqual(['Two']);
  const comment_id = one.id;
  const { data: edited } = await rest.issues.updateComment({ ...shop, comment_id, body: 'Changed' });
  expect(edited).toMatchObject({
    body: 'Changed',
    created_at: '2026-05-01T10:00:00Z',
    updated_at: '2026-05-01T10:01:00Z',
  });

  const rosa = under.client(await under.github.personToken('rosa')).rest;
  expect(await refusal(rosa.issues.updateComment({ ...shop, comment_id, body: 'Mine' }))).toMatchObject({
    status: 403,
  });
  expect((await rosa.issues.updateComment({ ...shop, comment_id: id, body: 'Mine' })).data.body).toBe('Mine');
  expect((await rest.issues.deleteComment({ ...shop, comment_id })).status).toBe(204);
  expect(await refusal(rest.issues.getComment({ ...shop, comment_id }))).toMatchObject({ status: 404 });
  expect(await refusal(rest.issues.createComment({ ...pull, body: ' ' }))).toMatchObject({ status: 422 });
  expect(await refusal(rest.issues.createComment({ ...pull, body: 'x'.repeat(65_537) }))).toMatchObject({
    status: 422,
    data: { errors: [{ message: 'Body is too long (maximum is 65536 characters)' }] },
  });
});

test('a reaction is there once', async () => {
  const { data: comment } = await rest.issues.createComment({ ...pull, body: '/graft retry' });
  const react = () => rest.reactions.createForIssueComment({ ...shop, comment_id: comment.id, content: 'rocket' });
  const made = await react();
  expect(made.status).toBe(201);
  const again = await react();
  expect([again.status, again.data.id]).toEqual([200, made.data.id]);
  const { data: read } = await rest.issues.getComment({ ...shop, comment_id: comment.id });
  expect(read.reactions).toMatchObject({ rocket: 1, total_count: 1 });
  const wrong = rest.reactions.createForIssueComment({ ...shop, comment_id: comment.id, content: 'frog' as 'eyes' });
  expect(await refusal(wrong)).toMatchObject({ status: 422 });
});

test('labels come into being when they are put on', async () => {
  const { data: put } = await rest.issues.addLabels({ ...pull, labels: ['graft', 'needs review'] });
  expect(put.map((label) => label.name)).toEqual(['graft', 'needs review']);
  expect((await rest.issues.getLabel({ ...shop, name: 'needs review' })).data.color).toBe('ededed');
  const left = await rest.issues.removeLabel({ ...pull, name: 'needs review' });
  expect(left.data.map((label) => label.name)).toEqual(['graft']);
  const { data: made } = await rest.issues.createLabel({
    ...shop,
    name: 'stripe',
    color: '0e8a16',
    description: 'Pay',
  });
  expect(made).toMatchObject({ name: 'stripe', color: '0e8a16', description: 'Pay' });
  expect(await refusal(rest.issues.createLabel({ ...shop, name: 'Stripe' }))).toMatchObject({
    status: 422,
    data: { errors: [{ resource: 'Label', code: 'already_exists', field: 'name' }] },
  });
  expect(await refusal(rest.issues.getLabel({ ...shop, name: 'none' }))).toMatchObject({ status: 404 });
  expect(await refusal(rest.issues.removeLabel({ ...pull, name: 'none' }))).toMatchObject({
    status: 404,
    data: { message: 'Label does not exist' },
  });
});

test('the permission for pull requests opens pull requests only', async () => {
  const { data: issue } = await rest.issues.create({ ...shop, title: 'An issue' });
  expect((await onlyPulls.issues.createComment({ ...pull, body: 'Hello' })).status).toBe(201);
  const refused = await refusal(onlyPulls.issues.createComment({ ...shop, issue_number: issue.number, body: 'Hello' }));
  expect(refused).toMatchObject({ status: 403, headers: { 'x-accepted-github-permissions': 'issues=write' } });
});

test('who may only read labels nothing', async () => {
  const rosa = under.client(await under.github.personToken('rosa')).rest;
  expect(await refusal(rosa.issues.addLabels({ ...pull, labels: ['x'] }))).toMatchObject({ status: 404 });
  expect((await rosa.issues.create({ ...shop, title: 'Hers', labels: ['x'] })).data.labels).toEqual([]);
  expect(await refusal(rosa.issues.update({ ...pull, state: 'closed' }))).toMatchObject({ status: 404 });
});
