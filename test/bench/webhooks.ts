import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { eq, sql } from 'drizzle-orm';
import { type Stack, startStack } from '../../cli/embedded/stack.ts';
import { newId } from '../../contract/ids.ts';
import { type Database, closeDatabase, connectDatabase } from '../../db/connect.ts';
import { insertQueued } from '../../db/queries/installations.ts';
import { claimOperation } from '../../db/queries/operations.ts';
import { insertProject } from '../../db/queries/projects.ts';
import { savePullRequest } from '../../db/queries/pull-requests.ts';
import { deliveries } from '../../db/schema/deliveries.ts';
import { connectClient } from '../../temporal/connection.ts';
import { pullRequest, push, signedDelivery, webhookSecret } from '../harness/webhooks.ts';

const limits = { timesOfInsert: 10, handledWithinSeconds: 10 };
const perSecond = 200;
/** One in so many deliveries comes a second time. */
const replayed = 10;
/** Pull requests under review, each in a repository of its own. */
const reviews = 40;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
const seconds = Number(values.seconds);

const folder = mkdtempSync(join(tmpdir(), 'graft-bench-'));
const environment = { GITHUB_WEBHOOK_SECRET: webhookSecret };
const stack = await startStack({ stateDir: folder, logs: () => undefined, environment });
const database = connectDatabase(stack.databaseUrl);
try {
  process.exitCode = (await run(stack, database)) ? 0 : 1;
} finally {
  await closeDatabase(database);
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function run(stack: Stack, database: Database): Promise<boolean> {
  const client = await connectClient({
    codecKeyFile: join(stack.keys, 'codec.key'),
    environment: { TEMPORAL_ADDRESS: stack.temporalAddress, TEMPORAL_NAMESPACE: 'graft' },
  });
  const workflows: string[] = [];
  for (let number = 1; number <= reviews; number += 1) {
    const id = await openReview(database, number);
    // Nobody runs them: their histories keep what they were told.
    await client.workflow.start('nobodyRunsIt', { workflowId: id, taskQueue: 'nobody' });
    workflows.push(id);
  }
  const agent = new Agent({ keepAlive: true });
  const hook = new URL('/api/v1/webhooks/github', stack.apiUrl);

  await paced(2, (at) => deliver(hook, agent, eventOf(at), randomUUID()));
  await untilHandled(database);
  // Half before and half after: what else this machine does shall not count for one of the two.
  const before = await paced(seconds / 2, () => insertBare(database));

  const ids: string[] = [];
  const webhooks = await paced(seconds, (at) => {
    const again = at % replayed === 0 ? ids[Math.floor(at / 2)] : undefined;
    const id = again ?? randomUUID();
    if (again === undefined) ids.push(id);
    return deliver(hook, agent, eventOf(at), id);
  });
  const handledAfter = await untilHandled(database);
  const after = await paced(seconds / 2, () => insertBare(database));
  await database.delete(deliveries).where(eq(deliveries.event, 'bare'));

  const rows = await database.select({ id: deliveries.id }).from(deliveries);
  const stored = new Set(rows.map(({ id }) => id));
  const lost = ids.filter((id) => !stored.has(id)).length;
  const batches = readBatches(stack);
  const handled = batches.reduce((sum, batch) => sum + batch.deliveries, 0);
  const sent = batches.reduce((sum, batch) => sum + batch.workflows.length, 0);
  let received = 0;
  for (const id of workflows) {
    const { events } = await client.workflow.getHandle(id).fetchHistory();
    received += (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
  }
  await client.connection.close();
  agent.destroy();

  const inserts = summary([...before.times, ...after.times]);
  const answers = summary(webhooks.times);
  const ratio = answers.p99 / inserts.p99;
  const checks = {
    [`p99 at most ${limits.timesOfInsert} times a bare insert's`]: ratio <= limits.timesOfInsert,
    'every answer is 202': webhooks.refused === 0,
    'none is lost': lost === 0,
    'each is stored once and handled once': handled === rows.length && stored.size === rows.length,
    'each signal was sent once and arrived once': sent === received && received > 0,
    [`all are handled within ${limits.handledWithinSeconds} s`]: handledAfter <= limits.handledWithinSeconds,
  };
  const ms = (value: number): string => `${value.toFixed(2)} ms`;
  console.log(`${perSecond} a second for ${seconds} s, on ${reviews} pull requests under review:`);
  console.log(`  a bare insert: p50 ${ms(inserts.p50)}, p99 ${ms(inserts.p99)}, most ${ms(inserts.most)}`);
  console.log(`  a webhook:     p50 ${ms(answers.p50)}, p99 ${ms(answers.p99)}, most ${ms(answers.most)}`);
  console.log(`  ratio of p99: ${ratio.toFixed(2)} (at most ${limits.timesOfInsert})`);
  console.log(
    `  ${webhooks.times.length} sent, ${ids.length} different, ${rows.length} stored with those of the warm-up`,
  );
  console.log(`  ${handled} handled in ${batches.length} looks, ${sent} signals sent, ${received} arrived`);
  console.log(`  the last was handled ${handledAfter.toFixed(1)} s after the last answer`);
  for (const [what, holds] of Object.entries(checks)) console.log(`${holds ? '✓' : '✗'} ${what}`);
  return Object.values(checks).every(Boolean);
}

function repositoryOf(number: number): string {
  return `octo/app-${number}`;
}

async function openReview(database: Database, number: number): Promise<string> {
  const [project, id] = [newId('project'), newId('installation')];
  const about = { appDir: '', trusted: false, driftReport: 'none', createdAt: new Date() } as const;
  const repository = repositoryOf(number);
  await insertProject(database, { id: project, name: 'Bench', codeHost: 'github', repository, ...about });
  const installation = {
    id,
    project,
    connector: 'stripe',
    environment: 'development',
    alias: '',
    options: {},
  } as const;
  await insertQueued(database, { ...installation, requestedPlanHash: null });
  const workflow = await claimOperation(database, installation, 'install');
  const of = { installation: id, operation: 'install' } as const;
  await savePullRequest(database, of, { number, url: '', draft: false, head: 'abc', state: 'open' });
  return workflow;
}

function eventOf(at: number) {
  const number = (at % reviews) + 1;
  return at % 2 === 0 ? push(repositoryOf(number), 'main') : pullRequest(repositoryOf(number), number, 'synchronize');
}

async function insertBare(database: Database): Promise<boolean> {
  await database.execute(sql`insert into ${deliveries} (id, event, action, repository, branch, handled_at)
    values (${randomUUID()}, 'bare', '', 'octo/app-1', 'main', now())`);
  return true;
}

/** Resolves with whether it was accepted. */
async function deliver(hook: URL, agent: Agent, event: ReturnType<typeof eventOf>, id: string): Promise<boolean> {
  const { method, headers, body } = signedDelivery({ ...event, id });
  const status = await new Promise<number>((resolve, reject) => {
    const sent = request(hook, { method, headers, agent }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', reject);
    sent.end(body);
  });
  return status === 202;
}

/** Calls at the given pace, whether or not earlier calls have ended, and measures how long each takes. */
async function paced(
  length: number,
  call: (at: number) => Promise<boolean>,
): Promise<{ times: number[]; refused: number }> {
  const count = length * perSecond;
  const begun = performance.now();
  const times: number[] = [];
  let refused = 0;
  const calls: Promise<void>[] = [];
  for (let at = 0; at < count; at += 1) {
    const due = begun + (at * 1000) / perSecond;
    while (performance.now() < due)
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const start = performance.now();
    calls.push(
      call(at).then((accepted) => {
        times.push(performance.now() - start);
        if (!accepted) refused += 1;
      }),
    );
  }
  await Promise.all(calls);
  return { times, refused };
}

function summary(times: readonly number[]): { p50: number; p99: number; most: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const quantile = (part: number): number => sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN;
  return { p50: quantile(0.5), p99: quantile(0.99), most: quantile(1) };
}

/** Seconds until no delivery is open. */
async function untilHandled(database: Database): Promise<number> {
  const begun = performance.now();
  for (;;) {
    const [row] = await database.execute<{ n: string }>(
      sql`select count(*)::text as n from ${deliveries} where ${deliveries.handledAt} is null`,
    );
    const passed = (performance.now() - begun) / 1000;
    if (row?.n === '0' || passed > 60) return passed;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What the control worker says that it handled, look by look. */
function readBatches(stack: Stack): { deliveries: number; workflows: string[] }[] {
  return readFileSync(join(stack.logs, 'control.log'), 'utf8')
    .split('\n')
    .filter((text) => text.includes('"deliveries handled"'))
    .map((text) => JSON.parse(text) as { deliveries: number; workflows: string[] });
}
