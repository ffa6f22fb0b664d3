import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import type { InstallationView } from '../../cli/demo/graft-client.ts';
import { mergePullRequest } from '../../code-host/local/review.ts';
import { closeDatabase, connectDatabase } from '../../db/connect.ts';
import { listAudit } from '../../db/queries/audit.ts';
import { listVersions } from '../../db/queries/credential-versions.ts';
import { countLeftovers } from '../../db/queries/leftovers.ts';
import { verifyAudit } from '../../vault/audit.ts';
import { type AppOnStack, createApp, stripeKeys } from '../harness/app-on-stack.ts';
import { createRandom } from '../harness/random.ts';
import { useStack } from '../harness/stack.ts';

const seed = Number(process.env['GRAFT_CRASH_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const random = createRandom(seed);
const stack = useStack();
let app: AppOnStack;
let treeAtFirst: string;
const crashes: string[] = [];

beforeAll(async () => {
  app = await createApp(stack(), 'shop');
  treeAtFirst = await app.tree();
}, 120_000);

/** Kills a process of the stack a random while from now, of so many seconds at most, and waits until it serves again. */
async function crash(name: string, withinSeconds: number): Promise<void> {
  const seconds = random() * withinSeconds;
  await wait(seconds * 1000);
  await stack().restart(name);
  crashes.push(`${name} after ${seconds.toFixed(2)} s`);
}

/** Asks until the api, which may be away, answers. */
async function answered<T>(ask: () => Promise<T>): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      // What `fetch` throws when nobody listens, or hangs up.
      if (!(error instanceof TypeError) || Date.now() > end) throw error;
      await wait(100);
    }
  }
}

async function until(id: string, wanted: (view: InstallationView) => boolean): Promise<InstallationView> {
  for (;;) {
    const view = await answered(() => app.read(id));
    if (wanted(view)) return view;
    const over = ['failed', 'declined', 'expired', 'aborted'].includes(view.status) || view.needsAttention !== null;
    if (over) expect.fail(`It is ${view.status}: ${view.message ?? JSON.stringify(view.needsAttention)}`);
    await wait(100);
  }
}

async function merge(id: string): Promise<void> {
  const { pullRequest } = await answered(() => app.read(id));
  await mergePullRequest(stack().repositories, app.name, pullRequest?.number ?? 0);
}

function git(...parameters: string[]): string[] {
  const text = execFileSync('git', ['--git-dir', app.repository, ...parameters], { encoding: 'utf8' });
  return text.split('\n').filter(Boolean);
}

function filesBelow(folder: string, isWanted: (name: string) => boolean): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter(({ name }) => isWanted(name)).map((entry) => join(entry.parentPath, entry.name));
}

it(`an installation and its removal come out the same when everything is killed at random moments (GRAFT_CRASH_SEED=${seed})`, async () => {
  const id = await app.install({ credentials: stripeKeys('good') });
  await crash('control worker', 2);
  await until(id, ({ step }) => step === 'pipeline');
  await Promise.all([crash('build worker', 8), crash('api', 8)]);
  await until(id, ({ step }) => step === 'pull_request');
  await crash('control worker', 0.5);
  await until(id, ({ pullRequest }) => pullRequest?.state === 'open');
  await merge(id);
  await crash('control worker', 1.5);
  const active = await until(id, ({ status }) => status === 'active');
  expect(active).toMatchObject({ credentials: { version: 1, state: 'current' } });
  expect(active.publishedNames).toHaveLength(2);

  await answered(() => app.send(id, 'DELETE', ''));
  await Promise.all([crash('Temporal server', 4), crash('control worker', 4)]);
  await until(id, ({ pullRequest, status }) => status === 'removing' && pullRequest?.state === 'open');
  await merge(id);
  await crash('control worker', 1.5);
  await until(id, ({ status }) => status === 'removed');

  expect(crashes).toHaveLength(8);
  expect(await app.tree()).toBe(treeAtFirst);
  expect(git('for-each-ref', '--format=%(refname)', 'refs/heads')).toEqual(['refs/heads/main']);
  expect(git('for-each-ref', '--format=%(refname)', 'refs/graft/pull/*/meta')).toHaveLength(2);
  for (const operation of ['install', 'remove'])
    expect(git('cat-file', 'blob', `refs/graft/commits/graft/${operation}/${id}`)).toHaveLength(1);
  // The app, and a commit and a merge for each operation.
  expect(git('rev-list', 'main')).toHaveLength(5);
  expect(filesBelow(app.repository, (name) => name.endsWith('.lock'))).toEqual([]);
  expect(filesBelow(stack().values, () => true)).toEqual([]);
  expect(filesBelow(stack().workspaces, (name) => name.startsWith('ins_'))).toEqual([]);

  const database = connectDatabase(stack().databaseUrl, { connections: 1 });
  try {
    expect(await countLeftovers(database, id)).toEqual({
      publishedNames: 0,
      submissions: 0,
      claims: 0,
      discoveries: 0,
      usableVersions: 0,
      destroyedVersions: 1,
    });
    const [version] = await listVersions(database, id);
    const rows = await listAudit(database, 0);
    expect(verifyAudit(rows)).toMatchObject({ ok: true });
    const destroyed = rows.filter(({ entry }) => entry.action === 'destroy_version');
    expect(destroyed.map(({ entry }) => entry.subject['version'])).toEqual([version?.id]);
  } finally {
    await closeDatabase(database);
  }
  expect(await Promise.race([stack().crashed, wait(0, 'nobody else ended')])).toBe('nobody else ended');
}, 600_000);
