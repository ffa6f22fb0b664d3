import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Octokit } from 'octokit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { writeBranch } from '../../test/harness/github-writing.ts';
import { startGithubUnderTest, type GithubUnderTest } from '../../test/harness/simulated-github.ts';

const shop = { owner: 'acme', repo: 'shop' };
const secret = 'webhook-secret';
let under: GithubUnderTest;
let rest: Octokit['rest'];
let receiver: Server;
let received: { headers: IncomingHttpHeaders; body: string; payload: Record<string, unknown> }[] = [];
let answer = 202;
let first: string;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      received.push({ headers: request.headers, body, payload: JSON.parse(body) as Record<string, unknown> });
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  under = await startGithubUnderTest();
  const { github } = under;
  await github.createRepository({ owner: 'acme', name: 'shop', private: true, files: { 'a.txt': 'a\n' } });
  const { appId, privateKey } = await github.createApp({
    slug: 'graft',
    permissions: { contents: 'write', pull_requests: 'write', issues: 'write', checks: 'write' },
    events: ['push', 'pull_request', 'issue_comment', 'check_run'],
  });
  await github.setWebhook({ url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`, secret });
  const installation = await github.installApp(appId, 'acme');
  ({ rest } = await under.app(appId, privateKey).getInstallationOctokit(installation));
  first = (await rest.git.getRef({ ...shop, ref: 'heads/main' })).data.object.sha;
});

beforeEach((context) => {
  if (context.task.name !== 'ping and installation come first') received = [];
  answer = 202;
});
afterEach(() => under.proxy.assertDescribed());
afterAll(async () => {
  receiver.close();
  await under.close();
});

const seen = () =>
  received
    .map(({ headers, payload }) => [headers['x-github-event'], payload['action']].filter(Boolean).join('.'))
    .sort();
const arrived = (...events: string[]) => vi.waitFor(() => expect(seen()).toEqual(events.sort()), { timeout: 10_000 });

const write = (path: string, parent = first) =>
  writeBranch(rest, shop, { branch: 'side', path, content: 'x\n', parent });

test('ping and installation come first', async () => {
  await arrived('installation.created', 'ping');
});

test('what happens to a pull request is told, signed', async () => {
  const one = await write('b.txt');
  const { data: pull } = await rest.pulls.create({ ...shop, head: 'side', base: 'main', title: 'T', draft: true });
  await arrived('push', 'pull_request.opened');
  const [opened] = received.filter(({ headers }) => headers['x-github-event'] === 'pull_request');
  expect(opened?.headers).toMatchObject({
    'content-type': 'application/json',
    'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
    'x-github-delivery': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'x-github-hook-id': expect.stringMatching(/^\d+$/),
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret)
      .update(opened?.body ?? '')
      .digest('hex')}`,
  });
  expect(opened?.payload).toMatchObject({
    action: 'opened',
    number: pull.number,
    pull_request: { number: pull.number, head: { sha: one }, draft: true },
    repository: { full_name: 'acme/shop' },
    sender: { login: 'graft[bot]' },
    installation: { id: expect.any(Number) },
  });
  const [pushed] = received.filter(({ headers }) => headers['x-github-event'] === 'push');
  expect(pushed?.payload).toMatchObject({
    ref: 'refs/heads/side',
    before: '0'.repeat(40),
    after: one,
    created: true,
    forced: false,
    commits: [{ id: one, added: ['b.txt'] }],
    pusher: { name: 'graft[bot]' },
  });

  received = [];
  await write('c.txt', one);
  await arrived('push', 'pull_request.synchronize');
  received = [];
  const owner = under.github.act('acme');
  await owner.markReady('acme/shop', pull.number);
  await owner.convertToDraft('acme/shop', pull.number);
  await owner.close('acme/shop', pull.number);
  await owner.reopen('acme/shop', pull.number);
  await owner.editBody('acme/shop', pull.number, 'Other');
  await rest.issues.addLabels({ ...shop, issue_number: pull.number, labels: ['graft'] });
  const actions = ['ready_for_review', 'converted_to_draft', 'closed', 'reopened', 'edited', 'labeled'];
  await arrived(...actions.map((action) => `pull_request.${action}`));
  const edited = received.find(({ payload }) => payload['action'] === 'edited');
  expect(edited?.payload).toMatchObject({ changes: { body: { from: '' } }, sender: { login: 'acme' } });

  received = [];
  await owner.markReady('acme/shop', pull.number);
  await rest.pulls.merge({ ...shop, pull_number: pull.number });
  await arrived('push', 'pull_request.closed', 'pull_request.ready_for_review');
  const closed = received.find(({ payload }) => payload['action'] === 'closed');
  expect(closed?.payload).toMatchObject({ pull_request: { merged: true } });
});

test('comments and check runs are told; what the app did not subscribe to is not', async () => {
  const { data: issue } = await rest.issues.create({ ...shop, title: 'Not told' });
  const id = await under.github.act('acme').comment('acme/shop', issue.number, '/graft retry');
  await rest.issues.updateComment({ ...shop, comment_id: id, body: 'x' });
  const { data: run } = await rest.checks.create({ ...shop, name: 'types', head_sha: first });
  await rest.checks.update({ ...shop, check_run_id: run.id, conclusion: 'success' });
  await arrived('issue_comment.created', 'issue_comment.edited', 'check_run.created', 'check_run.completed');
  expect(received.find(({ payload }) => payload['action'] === 'created')?.payload).toMatchObject({
    comment: { body: '/graft retry' },
    issue: { number: issue.number },
  });
});

test('a delivery that fails is not tried again, but can be sent again under its id', async () => {
  answer = 500;
  const { data: issue } = await rest.issues.create({ ...shop, title: 'x' });
  await under.github.act('acme').comment('acme/shop', issue.number, 'Hello');
  const failed = await vi.waitFor(() => {
    const found = under.github.deliveries().find((one) => one.status === 500);
    if (found === undefined) throw new Error('not yet');
    return found;
  });
  expect(failed).toMatchObject({ event: 'issue_comment', attempts: 1 });
  answer = 202;
  const again = await under.github.redeliver(failed.id);
  expect(again).toMatchObject({ id: failed.id, status: 202, attempts: 2 });
  const ids = received.map(({ headers }) => headers['x-github-delivery']);
  expect(ids).toEqual([failed.id, failed.id]);
  await under.github.setWebhook(null);
});
