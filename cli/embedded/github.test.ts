import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readDelivery } from '../../api/read-delivery.ts';
import { isSigned } from '../../api/webhook-signature.ts';
import { createGithubClient } from '../../code-host/github/client.ts';
import { readGithubIdentity } from '../../code-host/github/identity.ts';
import { createGithubCodeHost } from '../../code-host/github/index.ts';
import type { CodeHost } from '../../contract/code-host.ts';
import type { NewDelivery } from '../../db/queries/deliveries.ts';
import { type StackGithub, simulatedOwner, startGithub } from './github.ts';

const folder = mkdtempSync(join(tmpdir(), 'graft-embedded-github-'));
const repository = `${simulatedOwner}/shop`;
const branch = 'graft/install/ins_1';
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
  rmSync(folder, { recursive: true, force: true });
});

/** Takes webhooks as the api does; gives its address, and what it took under the secret of that moment. */
async function startReceiver(secret: () => string): Promise<{ url: string; taken: (NewDelivery | undefined)[] }> {
  const taken: (NewDelivery | undefined)[] = [];
  const take = async (request: IncomingMessage): Promise<void> => {
    const body = await buffer(request);
    const header = (name: string) => String(request.headers[name]);
    if (request.url === '/api/v1/webhooks/github' && isSigned(body, header('x-hub-signature-256'), [secret()]))
      taken.push(readDelivery(header('x-github-delivery'), header('x-github-event'), JSON.parse(body.toString())));
  };
  const server = createServer((request, response) => {
    take(request).then(
      () => response.writeHead(202).end(),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, taken };
}

/** What the control worker makes of its environment. */
async function hostOf({ control }: StackGithub): Promise<CodeHost> {
  const identity = await readGithubIdentity({
    GITHUB_TOKEN: undefined,
    GITHUB_APP_ID: control['GITHUB_APP_ID'],
    GITHUB_APP_PRIVATE_KEY_FILE: control['GITHUB_APP_PRIVATE_KEY_FILE'],
  });
  const apiUrl = control['GITHUB_API_URL'] ?? '';
  return createGithubCodeHost(createGithubClient({ apiUrl, identity: identity!, markKey: new Uint8Array(32) }));
}

it('has our App, whose webhooks wake workflows, and has it again after a restart', { timeout: 60_000 }, async () => {
  let github: StackGithub | undefined;
  const receiver = await startReceiver(() => github?.api['GITHUB_WEBHOOK_SECRET'] ?? '');
  const first = (github = await startGithub(folder, receiver.url));
  await first.simulated?.createRepository({ owner: simulatedOwner, name: 'shop', files: { 'readme.md': 'one\n' } });
  const host = await hostOf(first);
  await host.checkAccess(repository);
  expect(await host.describeIdentity()).toMatchObject({ kind: 'app', slug: 'graft', missing: [] });
  const { commit } = await host.readBase(repository);
  const changes = [{ path: 'added.txt', mode: '100644', bytes: Buffer.from('added\n') }] as const;
  const at = { repository, branch, parents: [commit], onto: commit, expectedHead: null };
  await host.commit({ ...at, changes, message: 'Add' });
  const text = { title: 'Add', body: 'why', draft: false, labels: [] };
  const { number } = await host.openPullRequest(repository, branch, text);
  await expect
    .poll(() => receiver.taken, { timeout: 20_000 })
    .toEqual(
      expect.arrayContaining([
        expect.objectContaining({ event: 'push', repository, branch }),
        expect.objectContaining({ event: 'pull_request', action: 'opened', repository, number }),
      ]),
    );
  await first.stop();

  const second = (github = await startGithub(folder, receiver.url));
  ends.push(() => second.stop());
  expect(second.control['GITHUB_APP_ID']).toBe(first.control['GITHUB_APP_ID']);
  const again = await hostOf(second);
  expect(await again.readPullRequest(repository, number)).toMatchObject({ state: 'open', ours: true });
  receiver.taken.splice(0);
  await again.comment(repository, number, 'hello', 'Here again.');
  const said = expect.objectContaining({ event: 'issue_comment', action: 'created', repository, number });
  await expect.poll(() => receiver.taken, { timeout: 20_000 }).toContainEqual(said);
});
