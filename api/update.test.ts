import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeByReviewer, mergePullRequest } from '../code-host/local/review.ts';
import { key, projectUrl } from '../connectors/supabase/samples.ts';
import { taskQueues } from '../contract/workflows.ts';
import { fakeKey } from '../test/harness/api.ts';
import { type ControlledApi, passedReport, startControlledApi } from '../test/harness/control.ts';
import { type LocalHostUnderTest, makeLocalHost } from '../test/harness/local-code-host.ts';
import { smallApp } from '../test/harness/small-app.ts';

const good = { publishableKey: fakeKey('pk', 'test'), secretKey: fakeKey('sk', 'test') };
const prices = 'connectors/stripe/use-checkout.ts';
let host: LocalHostUnderTest;
let api: ControlledApi;
let project: string;
let id: string;
let pullRequest = 0;

beforeAll(async () => {
  host = await makeLocalHost(smallApp);
  api = await startControlledApi(host.root);
  const made = await api.call('POST', '/projects', {
    body: { name: 'Shop', codeHost: 'local', repository: host.repository, driftReport: 'pull_request' },
  });
  project = String(made.body['id']);
}, 120_000);
afterAll(async () => {
  await api.stop();
  await host.remove();
});

async function install(environment: string, more: object = {}): Promise<string> {
  const stripe = { connector: 'stripe', options: { currency: 'eur' }, credentials: good };
  const body = { environment, ...stripe, ...more };
  return String((await api.call('POST', `/projects/${project}/connectors`, { body })).body['id']);
}
const pathOf = (installation = id) => `/projects/${project}/connectors/${installation}`;
const patch = (options?: object) => api.call('PATCH', pathOf(), { body: options === undefined ? {} : { options } });
const read = async (installation = id) => (await api.call('GET', pathOf(installation))).body;
const onMain = async (file: string) => {
  await host.git('fetch', '--quiet');
  return host.git('show', `origin/main:${file}`);
};
async function until(wanted: Record<string, unknown>, installation = id): Promise<void> {
  await expect.poll(() => read(installation), { timeout: 30_000, interval: 100 }).toMatchObject(wanted);
}
async function validated(): Promise<void> {
  await (await api.takePipeline()).complete(passedReport);
}
async function mergeNext(): Promise<void> {
  pullRequest += 1;
  await until({ pullRequest: { number: pullRequest, state: 'open' } });
  await mergePullRequest(host.root, host.repository, pullRequest, { strategy: 'squash' });
}

describe('PATCH of an installation', () => {
  it('has to wait until it is active', async () => {
    id = await install('development');
    expect((await patch()).body).toMatchObject({ code: 'operation_in_progress', details: { operation: 'install' } });
    await validated();
    await mergeNext();
    await until({ status: 'active', operation: null });
  }, 60_000);

  it('refuses what is no set of options, and says why', async () => {
    const { status, body } = await patch({ currency: 'money' });
    expect([status, body['errors']]).toMatchObject([422, [{ field: 'options.currency' }]]);
    expect((await read())['operation']).toBeNull();
  });

  it('proposes the change, keeps what people did, and lets it count for every environment after the merge', async () => {
    const staging = await install('staging');
    await until({ status: 'active', operation: null }, staging);
    await host.person.push('main', { [prices]: `${await onMain(prices)}\n\n// by people\n` });

    const { status, body } = await patch({ currency: 'eur', subscriptions: true });
    expect([status, body]).toEqual([202, { id, workflowId: `${id}/update`, status: 'active' }]);
    expect((await patch({ currency: 'usd' })).body).toMatchObject({
      code: 'operation_in_progress',
      details: { installation: id, operation: 'update' },
    });
    expect((await api.call('DELETE', pathOf())).body['code']).toBe('operation_in_progress');
    await validated();
    await until({
      status: 'active',
      options: { subscriptions: false },
      operation: { operation: 'update', options: { subscriptions: true } },
      pullRequest: { operation: 'update', state: 'open' },
    });
    const { body: plan } = await api.call('GET', `${pathOf()}/plan`);
    expect(plan).toMatchObject({ operation: 'update', manual: [] });
    expect(plan['diff']).toContain('+++ b/connectors/stripe/subscription-plans.tsx');
    expect(plan['diff']).not.toContain('-// by people');
    await mergeNext();
    for (const one of [id, staging])
      await until({ status: 'active', operation: null, options: { currency: 'eur', subscriptions: true } }, one);
    expect(await onMain('.graft/stripe.json')).toContain('"subscriptions": true');
    expect(await onMain(prices)).toContain('// by people');
    const steps = await api.stream(pathOf());
    expect(steps).toMatch(/"step":"activate","event":"done","status":"active"/);
  }, 90_000);

  it('changes nothing when people close the pull request, or abort', async () => {
    for (const end of ['closed', 'aborted']) {
      const before = await host.git('rev-parse', 'origin/main');
      expect((await patch({ currency: 'usd', subscriptions: true })).status).toBe(202);
      await validated();
      pullRequest += 1;
      await until({ pullRequest: { number: pullRequest, state: 'open' } });
      if (end === 'closed') await closeByReviewer(host.root, host.repository, pullRequest, 'Not now.');
      else expect((await api.call('POST', `${pathOf()}/abort`)).body).toMatchObject({ workflowId: `${id}/update` });
      await until({
        status: 'active',
        operation: null,
        options: { currency: 'eur' },
        pullRequest: { state: 'closed' },
      });
      await host.git('fetch', '--quiet', '--prune');
      expect(await host.git('rev-parse', 'origin/main')).toBe(before);
      expect(await host.git('branch', '--remotes', '--list', 'origin/graft/*')).toBe('');
      expect(await read()).toMatchObject({ credentials: { state: 'current' }, publishedNames: expect.any(Array) });
    }
  }, 90_000);

  it('asks for credentials that the new options need, and publishes them after the merge', async () => {
    const keys = { projectUrl, publishableKey: key('publishable', 'good') };
    id = await install('development', { connector: 'supabase', options: {}, credentials: keys });
    await validated();
    await mergeNext();
    await until({ status: 'active', operation: null });
    const before = (await read())['publishedNames'];
    expect(before).not.toContain('SUPABASE_SECRET_KEY');

    expect((await patch({ accountDeletion: true })).status).toBe(202);
    await until({ status: 'active', needsAttention: { reason: 'credentials_rejected' } });
    expect((await api.call('POST', `${pathOf()}/abort`)).status).toBe(202);
    await until({ operation: null, needsAttention: null, credentials: { version: 1, state: 'current' } });

    expect((await patch({ accountDeletion: true })).status).toBe(202);
    await until({ needsAttention: { reason: 'credentials_rejected' } });
    const better = { credentials: { ...keys, secretKey: key('secret', 'good') } };
    expect((await api.call('POST', `${pathOf()}/credentials`, { body: better })).status).toBe(202);
    await until({ step: 'pipeline', credentials: { version: 2, state: 'staged' } });
    await validated();
    await mergeNext();
    await until({ operation: null, credentials: { version: 2, state: 'current' } });
    expect((await read())['publishedNames']).toEqual(expect.arrayContaining(['SUPABASE_SECRET_KEY']));

    const recorded = await onMain('.graft/supabase.json');
    expect((await patch()).status).toBe(202);
    await until({ operation: null, message: expect.stringMatching(/^Nothing was to be changed/) });
    expect(await onMain('.graft/supabase.json')).toBe(recorded);

    expect((await patch({})).status).toBe(202);
    await validated();
    await mergeNext();
    await until({ operation: null, options: { accountDeletion: false }, publishedNames: before });
  }, 120_000);
});

describe('drift of a project that wants a pull request', () => {
  it('is mended by one, which is not made again for the same once people declined it', async () => {
    const [client, record] = ['connectors/supabase/client.ts', '.graft/supabase.json'];
    const [text, recorded] = [await onMain(client), await onMain(record)];
    await takeOut(client);
    await look();
    await until({ operation: { operation: 'update' }, drift: { findings: [{ kind: 'missing', file: client }] } });
    await reconciled();
    await validated();
    pullRequest += 1;
    await until({ pullRequest: { number: pullRequest, operation: 'update', state: 'open' } });
    await closeByReviewer(host.root, host.repository, pullRequest, 'We do without.');
    await until({ status: 'active', operation: null });
    await host.person.push('main', { 'readme.md': 'moved' });
    await look();
    expect(await read()).toMatchObject({ operation: null, drift: { findings: [{ file: client }] } });

    // Other findings are another matter; without its record, what is left of it would count as people's own.
    await takeOut(record);
    await look();
    await until({ operation: { operation: 'update' }, drift: { findings: [{ file: record }] } });
    await reconciled();
    await validated();
    await mergeNext();
    await until({ operation: null, drift: { findings: [] } });
    expect([await onMain(client), await onMain(record)]).toEqual([text, recorded]);
  }, 120_000);
});

async function takeOut(file: string): Promise<void> {
  await host.person.push('main', {});
  await host.git('rm', '--quiet', file);
  await host.git('commit', '--quiet', '--message=lost');
  await host.git('push', '--quiet', 'origin', 'HEAD:main');
}

/** One look for drift, as the schedule starts it. */
async function look(): Promise<void> {
  await api.client.workflow.execute('detectDrift', { workflowId: 'look', taskQueue: taskQueues.control });
}

/** What starts the workflow of a claim that has none, as the schedule does each minute. */
async function reconciled(): Promise<void> {
  const reconcile = () =>
    api.client.workflow.execute('reconcileInstallations', { workflowId: 'reconcile', taskQueue: taskQueues.control });
  await expect.poll(reconcile, { timeout: 30_000, interval: 500 }).toMatchObject({ started: [`${id}/update`] });
}
