import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalValues } from '../code-host/local/values.ts';
import { newId } from '../contract/ids.ts';
import { type Database, closeDatabase, connectDatabase } from '../db/connect.ts';
import { appendAudit } from '../db/queries/audit.ts';
import { insertQueued } from '../db/queries/installations.ts';
import { insertProject } from '../db/queries/projects.ts';
import { takeNames } from '../db/queries/published-values.ts';
import { findCaller } from '../db/queries/tokens.ts';
import { createTestDatabase } from '../test/harness/database.ts';
import { nextAuditHash } from '../vault/audit.ts';

const folder = mkdtempSync(join(tmpdir(), 'graft-commands-'));
let url: string;
let database: Database;
beforeAll(async () => {
  ({ url } = await createTestDatabase());
  database = connectDatabase(url, { connections: 1 });
});
afterAll(async () => {
  await closeDatabase(database);
  rmSync(folder, { recursive: true });
});

function run(command: 'token' | 'audit' | 'env' | 'setup', ...args: string[]) {
  const script = fileURLToPath(new URL(`${command}.ts`, import.meta.url));
  const env = { PATH: process.env['PATH'] ?? '', DATABASE_URL: url, GRAFT_VALUES: join(folder, 'values') };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('token', () => {
  it('makes a token that works until it is revoked, and prints it alone', async () => {
    const made = run('token', 'create', '--name', 'one', '--scopes', 'write,read');
    expect(made).toMatchObject({ status: 0, stderr: '' });
    const token = made.stdout.trimEnd();
    expect(await findCaller(database, token)).toMatchObject({ name: 'one', scopes: ['read', 'write'], project: null });

    expect(run('token', 'list').stdout).toMatch(/^tok_\S+ {2}read,write {2}all projects .* valid {2}one\n$/);
    expect(run('token', 'revoke', token).status).toBe(0);
    expect(await findCaller(database, token)).toBeUndefined();
    expect(run('token', 'revoke', token).status).toBe(1);
  });

  it.each([
    [['create', '--name', 'x', '--scopes', 'root'], 'no scope "root"'],
    [['create', '--name', 'x', '--scopes', 'read', '--project', 'prj_none'], 'no such project'],
    [['create', '--name', 'x'], 'Usage:'],
    [['create', '--nmae', 'x'], 'Usage:'],
    [[], 'Usage:'],
  ])('refuses %j and says why', (args, why) => {
    const { status, stdout, stderr } = run('token', ...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(why);
  });
});

describe('audit', () => {
  it('tells a chain that holds from one in which a row was changed', async () => {
    for (const purpose of ['first', 'second', 'third']) {
      const entry = { actor: 'test', action: 'open_version', subject: { version: purpose }, purpose } as const;
      await appendAudit(database, entry, nextAuditHash);
    }
    expect(run('audit', 'verify')).toMatchObject({ status: 0, stdout: expect.stringContaining('holds: 3 rows') });
    await database.$client`update audit set entry = jsonb_set(entry, '{purpose}', '"other"') where seq = 2`;
    expect(run('audit', 'verify')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('broken at row 2 of 3'),
    });
  });
});

describe('env', () => {
  const project = newId('project');
  const atGithub = newId('project');
  const app = join(folder, 'app');
  const file = join(app, '.env.local');
  const values = createLocalValues(join(folder, 'values'));
  beforeAll(async () => {
    mkdirSync(app);
    spawnSync('git', ['init', '--quiet', app]);
    const at = { repository: 'app', appDir: '', trusted: false, driftReport: 'none', createdAt: new Date() } as const;
    await insertProject(database, { id: project, name: 'App', codeHost: 'local', ...at });
    await insertProject(database, { id: atGithub, name: 'Shop', codeHost: 'github', ...at, repository: 'acme/shop' });
    await values.publish(`local:${project}/development`, {
      FIRST: { value: 'one', secret: false },
      SECOND: { value: 'a "quoted" two', secret: true },
    });
  });

  it('writes nothing where git would take it along', () => {
    const { status, stderr } = run('env', 'pull', project, 'development', '--to', 'app');
    expect(status).toBe(1);
    expect(stderr).toContain('git does not ignore');
    expect(existsSync(file)).toBe(false);
    expect(run('env', 'pull', project, 'development', '--to', tmpdir()).stderr).toContain('is in no git repository');
  });

  it('writes what is published behind what is there, and takes out what is no longer published', async () => {
    writeFileSync(join(app, '.gitignore'), '.env.local\n');
    writeFileSync(file, 'MINE=1');
    const pulled = run('env', 'pull', project, 'development', '--to', 'app');
    expect(pulled).toMatchObject({ status: 0, stderr: '' });
    expect(pulled.stdout).toContain('has FIRST, SECOND now');
    expect(pulled.stdout).not.toContain('quoted');
    expect(readFileSync(file, 'utf8')).toMatch(/^MINE=1\n#.*\nFIRST=.*one.*\nSECOND=.*quoted.*\n#.*\n$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const before = readFileSync(file, 'utf8');
    run('env', 'pull', project, 'development', '--to', 'app');
    expect(readFileSync(file, 'utf8')).toBe(before);

    await values.unpublish(`local:${project}/development`, ['FIRST', 'SECOND']);
    expect(run('env', 'pull', project, 'development', '--to', 'app').stdout).toContain('Nothing is published');
    expect(readFileSync(file, 'utf8')).toBe('MINE=1\n');
  });

  it('lists the names of a project at GitHub, which gives no value back', async () => {
    const installation = newId('installation');
    const given = {
      connector: 'stripe',
      environment: 'staging',
      alias: '',
      options: {},
      requestedPlanHash: null,
    } as const;
    await insertQueued(database, { id: installation, project: atGithub, ...given });
    expect(run('env', 'pull', atGithub, 'staging').stdout).toContain('Nothing is published for acme/shop');
    const of = { project: atGithub, environment: 'staging', installation } as const;
    await takeNames(database, 'github:acme/shop', of, ['SECOND', 'FIRST']);
    const pulled = run('env', 'pull', atGithub, 'staging');
    expect(pulled).toMatchObject({ status: 0, stderr: '' });
    expect(pulled.stdout).toMatch(/does not give values back[^]*acme\/shop[^]* FIRST\n +SECOND\n/);
    expect(run('env', 'pull', atGithub, 'production').stdout).toContain('Nothing is published');
  });

  it('refuses what is no project and no environment', () => {
    expect(run('env', 'pull', newId('project'), 'development').stderr).toContain('no such project');
    expect(run('env', 'pull', '../../etc', 'development').stderr).toContain('is no project id');
    expect(run('env', 'pull', project, 'test').stderr).toContain('is no environment');
  });
});

describe('setup', () => {
  it('names what its environment lacks, and how the embedded stack is started instead', () => {
    const { status, stderr } = run('setup');
    expect(status).toBe(1);
    expect(stderr).toMatch(/TEMPORAL_ADDRESS[^]*GRAFT_KEYS[^]*npm start/);
    expect(stderr).not.toContain(url);
  });
});
