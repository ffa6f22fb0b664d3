import { type Server, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeKey } from '../test/harness/api.ts';
import { type ControlledApi, passedReport, startControlledApi } from '../test/harness/control.ts';
import { bundledList, expoPackages, untestedSdk } from '../test/harness/expo-packages.ts';
import { type LocalHostUnderTest, makeLocalHost } from '../test/harness/local-code-host.ts';
import { type TestRegistry, startRegistry } from '../test/harness/registry.ts';
import { smallApp } from '../test/harness/small-app.ts';

const credentials = { publishableKey: fakeKey('pk', 'test'), secretKey: fakeKey('sk', 'test') };
const manifest = (version: string) => ({
  'package.json': {
    ...smallApp['package.json'],
    mode: '100644' as const,
    text: (smallApp['package.json']?.text ?? '').replace('57.0.0', version),
  },
});
let registry: TestRegistry;
/** The registry, behind what may be away. */
let front: Server;
let away = true;
let refused = 0;
let host: LocalHostUnderTest;
let api: ControlledApi;
let project: string;
beforeAll(async () => {
  host = await makeLocalHost({ ...smallApp, ...manifest(untestedSdk.version) });
  front = createServer((request, response) => {
    if (!away) return void get(new URL(request.url ?? '', registry.url), (reply) => reply.pipe(response));
    refused += 1;
    response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const place = `127.0.0.1:${(front.address() as AddressInfo).port}`;
  registry = await startRegistry(expoPackages, { tarballsAt: `http://${place}/` });
  api = await startControlledApi(host.root, { GRAFT_REGISTRY: `http://${place}` });
  const { body } = await api.call('POST', '/projects', {
    body: { name: 'Shop', codeHost: 'local', repository: host.repository },
  });
  project = String(body['id']);
}, 120_000);
afterAll(async () => {
  await api.stop();
  await host.remove();
  front.closeAllConnections();
  await new Promise((resolve) => front.close(resolve));
  await registry.close();
});

const connector = 'stripe';
const warning = { kind: 'untested', text: { en: /SDK 99/, ar: /SDK 99/ } };
const saysUntested = expect.arrayContaining([
  { ...warning, text: { en: expect.stringMatching(warning.text.en), ar: expect.stringMatching(warning.text.ar) } },
]);

describe('an app on an Expo SDK that the connector was not tested with', () => {
  it('waits for a registry that is away', async () => {
    const { status, body } = await api.call('POST', `/projects/${project}/plans`, { body: { connector } });
    expect([status, body]).toMatchObject([503, { code: 'unavailable' }]);
    const before = refused;
    const { body: queued } = await api.call('POST', `/projects/${project}/connectors`, {
      body: { connector, environment: 'staging', credentials },
    });
    await expect.poll(() => refused, { timeout: 30_000 }).toBeGreaterThan(before + 1);
    away = false;
    const path = `/projects/${project}/connectors/${String(queued['id'])}`;
    const task = await api.takePipeline();
    await api.call('POST', `${path}/abort`);
    await task.complete(passedReport);
    await expect
      .poll(async () => (await api.call('GET', path)).body, { timeout: 30_000, interval: 100 })
      .toMatchObject({ status: 'aborted', operation: null });
  }, 120_000);

  it('is planned with what the SDK brings, says so to everybody, and is carried through to the end', async () => {
    const { status, body: dry } = await api.call('POST', `/projects/${project}/plans`, { body: { connector } });
    expect([status, dry]).toMatchObject([200, { nextSteps: saysUntested }]);
    expect(dry['diff']).toContain(`"@stripe/stripe-react-native": "${bundledList['@stripe/stripe-react-native']}"`);

    const { body: queued } = await api.call('POST', `/projects/${project}/connectors`, {
      body: { connector, environment: 'development', credentials, planHash: dry['planHash'] },
    });
    const path = `/projects/${project}/connectors/${String(queued['id'])}`;
    const until = (wanted: Record<string, unknown>) =>
      expect
        .poll(async () => (await api.call('GET', path)).body, { timeout: 30_000, interval: 100 })
        .toMatchObject(wanted);
    await (await api.takePipeline()).complete(passedReport);
    // What is validated is proven; what nobody tried is said first.
    await until({ status: 'in_review', pullRequest: { draft: false }, nextSteps: saysUntested });
    const { body: text } = await host.host.readPullRequest(host.repository, 1);
    expect(text).toMatch(/^> \*\*Untested SDK:\*\* Stripe was not tested with Expo SDK 99, .*\n\n## What and why/);
    expect(text.match(/was not tested with/g)).toHaveLength(1);
    expect(registry.asked).toHaveLength(2);

    await host.person.pressMerge(1, 'merge');
    await until({ status: 'active' });
    await api.call('DELETE', path);
    await (await api.takePipeline()).complete(passedReport);
    await until({ status: 'removing', pullRequest: { operation: 'remove', draft: false } });
    expect((await host.host.readPullRequest(host.repository, 2)).body).not.toContain('Untested');
  }, 120_000);

  it('is refused where the registry has no such version', async () => {
    await host.person.push('main', { 'package.json': manifest('99.7.7')['package.json'].text });
    const { status, body } = await api.call('POST', `/projects/${project}/plans`, { body: { connector } });
    expect([status, body]).toMatchObject([422, { code: 'unsupported_sdk' }]);
  }, 60_000);
});
