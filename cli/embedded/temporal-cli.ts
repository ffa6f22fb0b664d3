import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { GraftError } from '../../contract/errors.ts';
import { type Say, cacheFolder, fillCache } from './cache.ts';
import { download, findDownloaded } from './sdk-download.ts';

const version = '1.5.1';
const goPackage = `github.com/temporalio/cli/cmd/temporal@v${version}`;

/**
 * The path of a Temporal CLI: on the PATH, else cached, else downloaded by the SDK, else built with Go.
 * Throws `unavailable` with what to install when none of these works.
 */
export async function resolveTemporalCli(say: Say): Promise<string> {
  return (
    findOnPath() ?? findCached() ?? fillCache('temporal-cli', say, async () => findCached() ?? (await obtain(say)))
  );
}

function findOnPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'temporal')).find((file) => existsSync(file) && isUsable(file));
}

function findCached(): string | undefined {
  const built = builtPath();
  return existsSync(built) ? built : findDownloaded('cli');
}

async function obtain(say: Say): Promise<string> {
  const path = (await download('cli', say)) ?? (await build(say));
  if (!isUsable(path))
    throw new GraftError(
      'unavailable',
      `${path} is not a Temporal CLI that runs here. Delete it, or put one on the PATH.`,
    );
  return path;
}

/** Can it start the development server, with the flags that are used here? */
function isUsable(path: string): boolean {
  const help = spawnSync(path, ['server', 'start-dev', '--help'], { encoding: 'utf8', timeout: 20_000 });
  return help.status === 0 && help.stdout.includes('--ui-codec-endpoint');
}

function builtPath(): string {
  return join(cacheFolder(), `temporal-${version}`);
}

async function build(say: Say): Promise<string> {
  if (spawnSync('go', ['version']).status !== 0) {
    throw new GraftError(
      'unavailable',
      'There is no Temporal CLI on the PATH, it cannot be downloaded, and there is no Go to build it. Install the Temporal CLI ' +
        '(docs.temporal.io/cli) or Go (go.dev/dl), then run this command again.',
    );
  }
  say(
    `Building the Temporal CLI with Go, once for this machine; that takes two to five minutes (go install ${goPackage}).`,
  );
  const folder = join(cacheFolder(), `temporal-build-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    await goInstall(folder, say);
    renameSync(join(folder, 'temporal'), builtPath());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return builtPath();
}

async function goInstall(folder: string, say: Say): Promise<void> {
  const started = Date.now();
  const go = spawn('go', ['install', goPackage], {
    env: { ...process.env, GOBIN: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  go.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)));
  const progress = setInterval(() => say(`  still building, ${Math.round((Date.now() - started) / 1000)} s`), 20_000);
  const code = await new Promise((resolve, reject) => go.once('error', reject).once('close', resolve));
  clearInterval(progress);
  if (code !== 0)
    throw new GraftError(
      'unavailable',
      `"go install ${goPackage}" failed. Install the Temporal CLI by hand. Go said:\n${errors}`,
    );
  say(`Built the Temporal CLI in ${Math.round((Date.now() - started) / 1000)} s.`);
}
