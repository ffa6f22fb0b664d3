// Runs a TypeScript entry point under the Node that package.json pins, after installing the packages when they are
// missing or older than the lock file. Plain JavaScript for the Node that the machine has (20.19 or newer).
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLineOf, isAlive, withLock } from './lock.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const installedFrom = join(modules, '.installed-from');
const running = join(root, '.state', 'running');
const [script = fail('Usage: node cli/run.mjs <script> [arguments]'), ...args] = process.argv.slice(2);

const mark = join(running, String(process.pid));
await withLock(
  join(root, '.state', 'install.lock'),
  (pid) => say(`Waiting for process ${pid}, which is installing the packages.`),
  async () => {
    if (!isInstalled()) install();
    mkdirSync(running, { recursive: true });
    writeFileSync(mark, script);
  },
);
run(findNode());

/** The lock file's hash is kept among the packages; times would lie after a checkout or a restored cache. */
function isInstalled() {
  const hash = hashOfLock();
  if (existsSync(installedFrom) && readFileSync(installedFrom, 'utf8') === hash) return true;
  if (!isInstalledByHand()) return false;
  writeFileSync(installedFrom, hash);
  return true;
}

/** npm keeps what it installed beside the packages: is that all the lock file wants, but for other platforms' packages? */
function isInstalledByHand() {
  const record = join(modules, '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = Object.entries(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages);
  return wanted.every(([path, entry]) => {
    if (path === '') return true;
    if (installed[path] === undefined) return entry.optional === true;
    return installed[path].version === entry.version && installed[path].integrity === entry.integrity;
  });
}

function hashOfLock() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function install() {
  refuseWhileRunning();
  say('Installing the packages of package-lock.json …');
  const started = Date.now();
  npm(root, 'ci', '--no-audit', '--no-fund', '--loglevel=error');
  if (!existsSync(nodePath()) && existsSync(join(modules, 'node'))) installNodeWithoutScripts();
  writeFileSync(installedFrom, hashOfLock());
  say(`Installed the packages in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** `npm ci` deletes what a running stack has open: PostgreSQL's and Node's own files. */
function refuseWhileRunning() {
  if (!existsSync(running)) return;
  for (const name of readdirSync(running)) {
    const file = join(running, name);
    if (isAlive(Number(name)) && commandLineOf(Number(name)).includes('run.mjs')) {
      fail(
        `The packages are older than package-lock.json, but "${readFileSync(file, 'utf8')}" (process ${name}) is running ` +
          'from them. Stop it, then run this command again.',
      );
    }
    rmSync(file, { force: true });
  }
}

/** The `node` package brings its binary by an install script; where scripts are off, its platform package is fetched. */
function installNodeWithoutScripts() {
  const { version } = JSON.parse(readFileSync(join(modules, 'node', 'package.json'), 'utf8'));
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${prefix}-${process.platform}-${process.arch}`;
  const folder = join(modules, '.node');
  say(`Install scripts are off, so ${name}@${version} is fetched by itself.`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{}');
  npm(
    folder,
    'install',
    '--no-save',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    `${name}@${version}`,
  );
  const binary = join(folder, 'node_modules', name, 'bin', 'node');
  mkdirSync(join(modules, 'node', 'bin'), { recursive: true });
  writeFileSync(nodePath(), readFileSync(binary), { mode: 0o755 });
}

function npm(/** @type {string} */ cwd, /** @type {string[]} */ ...npmArgs) {
  const npmCli = process.env['npm_execpath'];
  const node = process.env['npm_node_execpath'] ?? process.execPath;
  const useOwn = npmCli !== undefined && /npm-cli\.[cm]?js$/.test(npmCli);
  const result = useOwn
    ? spawnSync(node, [npmCli, ...npmArgs], { cwd, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', npmArgs, { cwd, stdio: ['ignore', 2, 2] });
  if (result.error !== undefined) fail(`npm could not be started: ${result.error.message}`);
  if (result.status !== 0) fail(`"npm ${npmArgs[0]}" failed (see above); nothing was run.`);
}

function nodePath() {
  return join(modules, 'node', 'bin', 'node');
}

function findNode() {
  if (existsSync(nodePath())) return nodePath();
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return fail(
    'Node 24 is missing: the package "node" brought no binary for this machine. Install Node 24 by hand, or allow install ' +
      'scripts (npm config delete ignore-scripts), delete node_modules and run this command again.',
  );
}

function run(/** @type {string} */ node) {
  const path = [join(modules, 'node', 'bin'), join(modules, '.bin'), process.env['PATH'] ?? ''].join(delimiter);
  // The channel tells the child when this process is gone, however it went.
  const child = spawn(node, [script, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: path },
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  if (process.env['npm_lifecycle_event'] !== undefined) endWithParent(child);
  child.on('error', (error) => {
    rmSync(mark, { force: true });
    fail(`${node} could not be started: ${error.message}`);
  });
  child.on('exit', (code, signal) => {
    rmSync(mark, { force: true });
    process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
  });
}

/** A killed npm leaves its script running: nobody would be there to end it. */
function endWithParent(/** @type {import('node:child_process').ChildProcess} */ child) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, 500);
  timer.unref();
}

function say(/** @type {string} */ text) {
  process.stderr.write(`${text}\n`);
}

/** @returns {never} */
function fail(/** @type {string} */ text) {
  say(text);
  process.exit(1);
}
