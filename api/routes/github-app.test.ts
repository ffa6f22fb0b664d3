import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../cli/embedded/ports.ts';
import { startTemporalServer } from '../../cli/embedded/temporal-server.ts';
import type { CodeHostIdentity } from '../../contract/code-host.ts';
import { newId } from '../../contract/ids.ts';
import { taskQueues } from '../../contract/workflows.ts';
import { connectClient, connectWorker } from '../../temporal/connection.ts';
import { registerNamespace } from '../../temporal/namespace.ts';
import { type TestApi, startTestApi } from '../../test/harness/api.ts';
import { ask } from '../../test/harness/ask.ts';
import { installQuietRuntime } from '../../test/harness/temporal.ts';
import { createInstallState } from '../install-state.ts';

// A control worker that is at GitHub whoever a test says.
let identity: CodeHostIdentity;
let api: TestApi;
let stop: () => Promise<void>;

beforeAll(async () => {
  installQuietRuntime();
  const folder = mkdtempSync(join(tmpdir(), 'graft-github-app-'));
  const server = await startTemporalServer({
    databaseFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    port: await freePort(),
    uiPort: await freePort(),
    codecEndpoint: 'http://127.0.0.1:1/codec',
    say: () => undefined,
  });
  api = await startTestApi(server.address, 'graft');
  const environment = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: 'graft' };
  const options = { codecKeyFile: api.keys.codec, environment };
  const client = await connectClient(options);
  await registerNamespace(client);
  const connected = await connectWorker(options);
  const worker = await Worker.create({
    ...connected,
    taskQueue: taskQueues.control,
    workflowBundle: await ask<{ codePath: string }>('/workflow-bundle'),
    activities: { describeCodeHost: async () => identity },
  });
  const running = worker.run();
  stop = async () => {
    worker.shutdown();
    await running;
    await connected.connection.close();
    await client.connection.close();
    await api.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}, 120_000);
afterAll(() => stop());

const page = (query: Record<string, string>) =>
  fetch(`${api.url}/api/v1/github/callback?${new URLSearchParams(query).toString()}`);
const app: CodeHostIdentity = {
  kind: 'app',
  slug: 'graft-of-octo',
  installUrl: 'https://github.example.com/apps/graft-of-octo/installations/new',
  missing: ['checks: write'],
};

describe('the GitHub App', () => {
  it('is shown to admins with a link that its callback knows again', async () => {
    identity = app;
    for (const scope of ['read', 'write'] as const)
      expect((await api.call('GET', '/github/app', { token: await api.token([scope]) })).status).toBe(403);
    expect((await api.call('GET', '/github/app', { token: null })).status).toBe(401);
    const { status, body } = await api.call('GET', '/github/app');
    const { installUrl, ...rest } = body;
    expect([status, rest]).toEqual([
      200,
      { kind: 'app', slug: 'graft-of-octo', missing: ['checks: write'], webhooks: true },
    ]);
    const link = new URL(String(installUrl));
    expect(link.origin + link.pathname).toBe(app.installUrl);

    const state = link.searchParams.get('state') ?? '';
    const response = await page({ installation_id: '42', setup_action: 'install', state });
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(response.headers.get('Referrer-Policy')).toBe('no-referrer');
    const text = await response.text();
    expect(text).toContain('/api/v1/projects');
    expect(text).toContain('&quot;codeHost&quot;:&quot;github&quot;');
    expect(text).not.toContain(state);
    expect(api.logged()).not.toContain(state);
    const asked = await page({ setup_action: 'request', state });
    expect(await asked.text()).toContain('An owner of the organization');
  });

  it('is none for a token, who is shown as it is', async () => {
    identity = { kind: 'token', login: 'mona' };
    expect((await api.call('GET', '/github/app')).body).toEqual({ kind: 'token', login: 'mona', webhooks: true });
  });
});

describe('a browser that GitHub sends by itself', () => {
  it.each([
    ['after the App was installed from its page', 'install', 'The GitHub App is installed.'],
    ['after its repositories were changed', 'update', 'The repositories of the GitHub App were changed.'],
  ])('%s: is told what to do next', async (_what, action, sentence) => {
    const response = await page({ installation_id: '42', setup_action: action });
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining(sentence)]);
  });
});

describe('a browser that comes back otherwise', () => {
  const state = () => createInstallState(api.hashKey, newId('token'));
  const old = () => createInstallState(api.hashKey, newId('token'), Date.now() - 11 * 60 * 1000);

  it.each([
    ['with one of its own', () => ({ installation_id: '42', setup_action: 'install', state: 'x' }), 'state'],
    ['too late', () => ({ installation_id: '42', setup_action: 'install', state: old() }), 'state'],
    [
      'with an id that is none',
      () => ({ installation_id: '<script>', setup_action: 'install', state: state() }),
      'installation_id',
    ],
    ['for something else', () => ({ installation_id: '42', setup_action: '"><b>', state: state() }), 'setup_action'],
  ])('%s is told to take the link again', async (_what, query, field) => {
    const response = await page(query());
    const text = await response.text();
    expect([response.status, JSON.parse(text)]).toMatchObject([
      422,
      { errors: [{ field, fix: expect.stringContaining('/api/v1/github/app') }] },
    ]);
    expect(response.headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
    expect(text).not.toContain('<');
  });
});
