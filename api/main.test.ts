import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimOperation } from '../db/queries/operations.ts';
import { insertQueued } from '../db/queries/installations.ts';
import { insertProject } from '../db/queries/projects.ts';
import { createToken } from '../db/queries/tokens.ts';
import { closeDatabase, connectDatabase } from '../db/connect.ts';
import { createTestDatabase } from '../test/harness/database.ts';
import { createKeyFiles } from '../vault/keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'graft-api-main-'));
const children: ChildProcess[] = [];
let good: Record<string, string>;
let ownerUrl: string;

beforeAll(async () => {
  const keys = await createKeyFiles(join(folder, 'keys'));
  const urls = await createTestDatabase();
  ownerUrl = urls.url;
  good = {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: urls.apiUrl,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    TEMPORAL_NAMESPACE: 'default',
    GRAFT_CODEC_KEY_FILE: keys.codec,
    GRAFT_ARTIFACTS: join(folder, 'artifacts'),
    GRAFT_API_PORT: '0',
    GRAFT_SEALING_PUBLIC_KEY_FILE: keys.sealingPublic,
    GRAFT_HASH_KEY_FILE: keys.apiHash,
    GRAFT_CODEC_PORT: '0',
    GRAFT_CODEC_ORIGIN: 'http://127.0.0.1:8233',
  };
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Running {
  child: ChildProcess;
  /** The first line on stdout; undefined when it ended before. */
  ready: Promise<{ port: number; codecPort: number } | undefined>;
  ended: Promise<number | null>;
  errors: () => string;
}

function run(env: Record<string, string>): Running {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url))], { env });
  children.push(child);
  let errors = '';
  child.stderr.on('data', (part: Buffer) => (errors += part.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const line = new Promise<string>((resolve) => {
    let out = '';
    child.stdout.on('data', (part: Buffer) => {
      out += part.toString();
      if (out.includes('\n')) resolve(out);
    });
  });
  const ready = Promise.race([
    line.then((text) => JSON.parse(text) as { port: number; codecPort: number }),
    ended.then(() => undefined),
  ]);
  return { child, ready, ended, errors: () => errors };
}

describe.concurrent('the api process', () => {
  it('says its ports, serves, and ends at SIGTERM though a stream is open', async () => {
    const { ready, child, ended, errors } = run(good);
    const at = await ready;
    expect(at, errors()).toMatchObject({ ready: true });
    const url = `http://127.0.0.1:${at?.port}`;
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${at?.codecPort}/codec/encode`, { method: 'POST' })).status).toBe(404);

    const owner = connectDatabase(ownerUrl);
    const project = {
      id: 'prj_00000000000000000000000000',
      name: 'a',
      codeHost: 'local',
      repository: 'a',
      appDir: '',
      trusted: false,
      driftReport: 'none',
      createdAt: new Date(),
    } as const;
    await insertProject(owner, project);
    const installation = {
      id: 'ins_00000000000000000000000000',
      project: project.id,
      connector: 'stripe',
      environment: 'development',
      alias: '',
      options: {},
      requestedPlanHash: null,
    } as const;
    await insertQueued(owner, installation);
    await claimOperation(owner, installation, 'install');
    const { token } = await createToken(owner, { name: 'a', scopes: ['read'], project: null });
    await closeDatabase(owner);
    const stream = await fetch(`${url}/api/v1/projects/${project.id}/connectors/${installation.id}/events`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(stream.status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    const begun = Date.now();
    child.kill('SIGTERM');
    expect(await stream.text()).toContain('retry: 2000');

    expect(await ended, errors()).toBe(0);

    expect(Date.now() - begun).toBeLessThan(2000);
  });

  it.each([
    ['a key is missing', { DATABASE_URL: '' }, 'DATABASE_URL'],
    ['a port is none', { GRAFT_API_PORT: 'many' }, 'GRAFT_API_PORT'],
    ['production has no codec token', { NODE_ENV: 'production' }, 'GRAFT_CODEC_TOKEN: must be set in production'],
    [
      'a webhook secret is short',
      { GITHUB_WEBHOOK_SECRET: 'made-up-webhook-secret,short' },
      'GITHUB_WEBHOOK_SECRET: each must have',
    ],
    ['the hash key is no key', { GRAFT_HASH_KEY_FILE: '/dev/null' }, '/dev/null'],
    ['the sealing key is not there', { GRAFT_SEALING_PUBLIC_KEY_FILE: '/nonexistent/key' }, '/nonexistent/key'],
  ])('does not start when %s, and says which', async (_what, change, told) => {
    const { ready, ended, errors } = run({ ...good, ...change });
    expect(await ready).toBeUndefined();
    expect(await ended).toBe(1);
    expect(errors()).toContain(told);
    expect(errors()).not.toContain(new URL(good['DATABASE_URL'] ?? '').password);
  });

  it('does not start on a database of another version, or on none', async () => {
    const empty = new URL(good['DATABASE_URL'] ?? '');
    empty.pathname = '/postgres';
    const other = run({ ...good, DATABASE_URL: empty.href });
    expect([await other.ended, other.errors()]).toEqual([1, expect.stringContaining('schema_mismatch')]);

    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const { port } = probe.address() as { port: number };
    probe.close();
    empty.port = String(port);
    const none = run({ ...good, DATABASE_URL: empty.href });
    expect([await none.ended, none.errors()]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
  });
});
