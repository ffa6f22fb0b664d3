import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rewriteLocalPullRequest } from '../code-host/local/pull-request.ts';
import { branchName } from '../contract/ids.ts';
import { fakeKey } from '../test/harness/api.ts';
import { type ControlledApi, passedReport, startControlledApi } from '../test/harness/control.ts';
import { type LocalHostUnderTest, makeLocalHost } from '../test/harness/local-code-host.ts';
import { smallApp } from '../test/harness/small-app.ts';

const credentials = { publishableKey: fakeKey('pk', 'test'), secretKey: fakeKey('sk', 'test') };
let host: LocalHostUnderTest;
let api: ControlledApi;
let project: string;
beforeAll(async () => {
  host = await makeLocalHost(smallApp);
  api = await startControlledApi(host.root);
  const { body } = await api.call('POST', '/projects', {
    body: { name: 'Shop', codeHost: 'local', repository: host.repository },
  });
  project = String(body['id']);
}, 120_000);
afterAll(async () => {
  await api.stop();
  await host.remove();
});

async function until(path: string, wanted: Record<string, unknown>): Promise<void> {
  const read = async () => (await api.call('GET', path)).body;
  await expect.poll(read, { timeout: 30_000, interval: 100 }).toMatchObject(wanted);
}

describe('a plan that is not the one agreed to', () => {
  it('waits for people and is shown to them', async () => {
    const { body: planned } = await api.call('POST', `/projects/${project}/plans`, { body: { connector: 'stripe' } });
    const { body: queued } = await api.call('POST', `/projects/${project}/connectors`, {
      body: {
        connector: 'stripe',
        environment: 'development',
        credentials,
        planHash: 'a'.repeat(64),
      },
    });
    const path = `/projects/${project}/connectors/${String(queued['id'])}`;
    await until(path, { step: 'generate', needsAttention: { reason: 'project_changed' } });
    const { status, body } = await api.call('GET', `${path}/plan`);
    expect([status, body]).toMatchObject([200, { planHash: planned['planHash'], diff: planned['diff'] }]);
    await api.call('POST', `${path}/abort`);
    await until(path, { status: 'aborted', operation: null });
  }, 60_000);
});

describe('a head that people pushed', () => {
  const text = async (number: number) => (await host.host.readPullRequest(host.repository, number)).body;

  /** A pull request of its own for each test: one that was read often is read once a minute only. */
  async function inReview(): Promise<{ path: string; branch: string }> {
    const { body: queued } = await api.call('POST', `/projects/${project}/connectors`, {
      body: { connector: 'stripe', environment: 'development', credentials },
    });
    const id = String(queued['id']);
    const path = `/projects/${project}/connectors/${id}`;
    await (await api.takePipeline()).complete(passedReport);
    await until(path, { status: 'in_review', pullRequest: { draft: false } });
    return { path, branch: branchName('install', id) };
  }

  it('makes the pull request a draft until it is validated', async () => {
    const { path, branch } = await inReview();
    const validated = await text(1);

    await host.person.push(branch, { 'notes.md': 'More.' });
    const task = await api.takePipeline();
    await until(path, { step: 'pipeline', pullRequest: { draft: true } });
    expect(await text(1)).toMatch(/^> \*\*Not validated yet:\*\* commit `[0-9a-f]{10}`; .*\n\n## What and why/);
    await task.complete(passedReport);
    await until(path, { step: 'pull_request', pullRequest: { draft: false } });
    expect(await text(1)).toBe(validated);
    await api.call('POST', `${path}/abort`);
    await until(path, { status: 'aborted', operation: null });
  }, 60_000);

  it('leaves a draft that people made one, and the title that they gave it', async () => {
    const { path, branch } = await inReview();
    const validated = await text(2);
    await rewriteLocalPullRequest(host.bare, 2, () => ({ draft: true, title: 'SHOP-1: pay' }));
    await host.person.push(branch, { 'notes.md': 'Not for today.' });
    const task = await api.takePipeline();
    expect(await text(2)).toMatch(
      /^> \*\*Not validated yet:\*\* .* It stays a draft after that, as somebody made it one\.\n\n## /,
    );
    await task.complete(passedReport);
    await until(path, { step: 'pull_request', pullRequest: { draft: true } });
    const { title, body } = await host.host.readPullRequest(host.repository, 2);
    expect([title, body]).toEqual(['SHOP-1: pay', validated]);
  }, 60_000);
});
