import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { eq, sql } from 'drizzle-orm';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../cli/embedded/ports.ts';
import { type TemporalServer, startTemporalServer } from '../cli/embedded/temporal-server.ts';
import type { CodeOperation } from '../contract/activities.ts';
import { branchName, workflowId } from '../contract/ids.ts';
import { type NewDelivery, insertDelivery } from '../db/queries/deliveries.ts';
import { claimOperation } from '../db/queries/operations.ts';
import { finishInstallation } from '../db/queries/progress.ts';
import { savePullRequest } from '../db/queries/pull-requests.ts';
import { deliveries } from '../db/schema/deliveries.ts';
import { projects } from '../db/schema/projects.ts';
import { connectClient } from '../temporal/connection.ts';
import { registerNamespace } from '../temporal/namespace.ts';
import { type Rows, openRows } from '../test/harness/rows.ts';
import { createKeyFiles } from '../vault/keys.ts';
import { dispatchDeliveries } from './dispatch-deliveries.ts';

// Nobody runs the workflows here: their histories keep the signals that they were sent.
const nobody = { taskQueue: 'nobody' };
const folder = mkdtempSync(join(tmpdir(), 'graft-dispatch-'));
let ports: { port: number; uiPort: number };
let server: TemporalServer;
let client: Client;
let rows: Rows;
let stop: () => Promise<void>;

const startServer = () =>
  startTemporalServer({
    databaseFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    ...ports,
    codecEndpoint: 'http://127.0.0.1:1/codec',
    say: () => undefined,
  });

beforeAll(async () => {
  ports = { port: await freePort(), uiPort: await freePort() };
  const [keys, started, opened] = await Promise.all([createKeyFiles(join(folder, 'keys')), startServer(), openRows()]);
  [server, rows] = [started, opened];
  const environment = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: 'graft' };
  client = await connectClient({ codecKeyFile: keys.codec, environment });
  await registerNamespace(client);
  stop = dispatch();
}, 120_000);
afterAll(async () => {
  await stop();
  await client.connection.close();
  await server.stop();
  await rows.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a dispatcher as the control worker does; gives what ends it. */
function dispatch(): () => Promise<void> {
  const ending = new AbortController();
  const log = pino({ level: 'silent' });
  const running = dispatchDeliveries({ database: rows.control, client, log, signal: ending.signal });
  return async () => {
    ending.abort();
    await running;
  };
}

interface Running extends CodeOperation {
  number: number;
  workflowId: string;
}

/** An operation with an open pull request in a repository at GitHub, and its workflow. */
async function open(repository: string, number: number, operation: 'install' | 'remove' = 'install'): Promise<Running> {
  const [known] = await rows.owner.select().from(projects).where(eq(projects.repository, repository));
  const project = known ?? (await rows.newProject());
  await rows.owner.update(projects).set({ codeHost: 'github', repository }).where(eq(projects.id, project.id));
  const installation = await rows.queue({ project: project.id, connector: `connector-${number}` });
  const id = await claimOperation(rows.api, installation, operation);
  const of = { installation: installation.id, operation };
  await savePullRequest(rows.control, of, { number, url: '', draft: false, head: 'abc', state: 'open' });
  await client.workflow.start('nobodyRunsIt', { workflowId: id, ...nobody });
  return { ...of, number, workflowId: id };
}

const delivery = (repository: string, more: Partial<NewDelivery>): NewDelivery => ({
  id: randomUUID(),
  event: 'push',
  action: '',
  repository,
  branch: null,
  number: null,
  ...more,
});
const store = (given: NewDelivery) => insertDelivery(rows.api, given);

async function signalsOf({ workflowId: id }: Running): Promise<number> {
  const { events } = await client.workflow.getHandle(id).fetchHistory();
  return (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
}

const openDeliveries = async () =>
  (
    await rows.owner
      .select()
      .from(deliveries)
      .where(sql`${deliveries.handledAt} is null`)
  ).length;
const untilHandled = () => expect.poll(openDeliveries, { timeout: 20_000, interval: 20 }).toBe(0);

/** Of the given operations, which are told of a delivery. */
async function toldOf(given: NewDelivery, among: readonly Running[]): Promise<Running[]> {
  const before = await Promise.all(among.map(signalsOf));
  await store(given);
  await untilHandled();
  const after = await Promise.all(among.map(signalsOf));
  return among.filter((_operation, at) => after[at] !== before[at]);
}

describe('a delivery', () => {
  it('tells the operations that it may matter to, and no others', async () => {
    const one = await open('Octo/App', 1);
    const two = await open('Octo/App', 2, 'remove');
    const elsewhere = await open('octo/other', 1);
    const all = [one, two, elsewhere];
    const branchOf = (of: Running) => branchName(of.operation, of.installation);
    const told = (more: Partial<NewDelivery>, repository = 'octo/APP') => toldOf(delivery(repository, more), all);

    expect(await told({ branch: 'main' })).toEqual([one, two]);
    expect(await told({ branch: 'a/branch/of/people' })).toEqual([one, two]);
    expect(await told({ branch: branchOf(one) })).toEqual([one]);
    expect(await told({ branch: branchOf(two) })).toEqual([two]);
    expect(await told({ branch: branchName('remove', one.installation) })).toEqual([]);
    expect(await told({ event: 'pull_request', action: 'closed', number: 2 })).toEqual([two]);
    expect(await told({ event: 'issue_comment', action: 'created', number: 1 })).toEqual([one]);
    expect(await told({ event: 'issue_comment', action: 'created', number: 99 })).toEqual([]);
    expect(await told({ branch: 'main' }, 'octo/unknown')).toEqual([]);
    expect(await told({ branch: 'main' }, 'octo/other')).toEqual([elsewhere]);
  });

  it('of a workflow that is gone is handled all the same', async () => {
    const gone = await open('octo/gone', 1);
    await client.workflow.getHandle(gone.workflowId).terminate();
    await store(delivery('octo/gone', { branch: 'main' }));
    await untilHandled();
  });

  it('whose notification is lost is found by the next look', async () => {
    const lonely = await open('octo/lonely', 1);
    await rows.owner.insert(deliveries).values(delivery('octo/lonely', { branch: 'main' }));
    await untilHandled();
    expect(await signalsOf(lonely)).toBe(1);
  });

  it('one of many in a burst, replayed and out of order, tells its workflow once or twice, never for each', async () => {
    const busy = await open('octo/busy', 1);
    const burst = Array.from({ length: 100 }, (_one, at) =>
      delivery('octo/busy', at % 2 === 0 ? { branch: 'main' } : { event: 'pull_request', action: 'edited', number: 1 }),
    );
    await Promise.all([...burst, ...burst.toReversed()].map(store));
    await untilHandled();
    const signals = await signalsOf(busy);
    expect(signals).toBeGreaterThanOrEqual(1);
    // As many as looks while they came in, which takes less than a few times the gathering.
    expect(signals).toBeLessThanOrEqual(10);
    await Promise.all(burst.map(store));
    await untilHandled();
    expect(await signalsOf(busy)).toBe(signals);
  });

  it('is handled once though two workers dispatch', async () => {
    const shared = await open('octo/shared', 1);
    const stopOther = dispatch();
    for (let count = 1; count <= 5; count += 1)
      expect(await toldOf(delivery('octo/shared', { branch: 'main' }), [shared])).toEqual([shared]);
    await stopOther();
    expect(await signalsOf(shared)).toBe(5);
  });
});

describe('a pull request that is open again', () => {
  const reopened = (repository: string, number: number) =>
    store(delivery(repository, { event: 'pull_request', action: 'reopened', number }));

  it('is answered when its operation has ended, once for each opening, and else only told', async () => {
    const over = await open('Octo/Again', 5);
    const id = workflowId.reopened(over.installation, 5);
    const handle = client.workflow.getHandle(id);
    await reopened('octo/again', 5);
    await untilHandled();
    expect(await signalsOf(over)).toBe(1);
    await expect(handle.describe()).rejects.toThrow(WorkflowNotFoundError);

    const end = { status: 'declined', step: 'deactivate', event: 'undone', data: {} } as const;
    await finishInstallation(rows.control, { installation: over.installation, workflowId: over.workflowId, ...end });
    await reopened('octo/again', 5);
    await reopened('octo/again', 5);
    await untilHandled();
    expect(await handle.describe()).toMatchObject({ type: 'answerReopened', status: { name: 'RUNNING' } });
    const { runId } = await handle.describe();
    await reopened('octo/again', 5);
    await reopened('octo/again', 6);
    await reopened('octo/elsewhere', 5);
    await untilHandled();
    expect((await handle.describe()).runId).toBe(runId);
    expect(await signalsOf(over)).toBe(1);
    await handle.terminate();
  });
});

describe('while Temporal is away', () => {
  it('deliveries stay open, and nothing of them is lost', async () => {
    const patient = await open('octo/patient', 1);
    await server.stop();
    await store(delivery('octo/patient', { branch: 'main' }));
    await store(delivery('octo/of-nobody', { branch: 'main' }));
    // What matters to nobody needs no Temporal, and does not wait for it.
    await expect.poll(openDeliveries, { timeout: 20_000, interval: 50 }).toBe(1);
    await store(delivery('octo/patient', { event: 'pull_request', action: 'closed', number: 1 }));
    server = await startServer();
    await untilHandled();
    expect(await signalsOf(patient)).toBeGreaterThanOrEqual(1);
  }, 60_000);
});
