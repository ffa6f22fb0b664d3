import { createRequire } from 'node:module';
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GraftError } from '../contract/errors.ts';
import { type SandboxKind, runSandboxed } from './sandbox.ts';
import type { Ending } from './supervise.ts';

const require = createRequire(import.meta.url);

/** npm comes with Graft: another version writes other lock files (10 drops the `libc` lines of 11). */
export const npmFolder = dirname(require.resolve('npm/package.json'));
export const npmVersion: string = (require('npm/package.json') as { version: string }).version;

/** npm writes this host into lock files whatever the configured registry is, and fetches from the configured one. */
export const publicRegistry = 'registry.npmjs.org';

export interface NpmRun {
  sandbox: SandboxKind;
  /** Folder of the manifests; the only one that is writable besides the cache. */
  folder: string;
  cache: string;
  registry: string;
  /** `ci`, or `install` with its flags. */
  arguments: readonly string[];
}

const limits = {
  seconds: 600,
  outputBytes: 16_777_216,
  fileBytes: 1_073_741_824,
  memoryBytes: 4_294_967_296,
  processes: 64,
  diskBytes: 8_589_934_592,
};

/**
 * Runs npm with the network, without scripts and with no configuration but the reduced one in `folder`. Throws
 * `registry_credentials` when the registry wants a login, and `unavailable` when it cannot be reached.
 */
export async function runNpm(run: NpmRun, signal: AbortSignal): Promise<Ending> {
  const authority = process.env['NODE_EXTRA_CA_CERTS'];
  const authorityFile = authority === undefined || authority === '' ? undefined : await realpath(authority);
  const home = join(run.cache, 'no-settings');
  const settings = [
    ...['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--no-progress', '--no-color'],
    ...[`--userconfig=${home}/user`, `--globalconfig=${home}/global`, `--cache=${run.cache}`, '--loglevel=warn'],
    ...['--logs-max=0', `--registry=${run.registry}`],
  ];
  const ending = await runSandboxed(
    run.sandbox,
    {
      command: [process.execPath, join(npmFolder, 'bin/npm-cli.js'), ...run.arguments, ...settings],
      folder: run.folder,
      environment: authorityFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: authorityFile },
      mounts: [
        { path: npmFolder, writable: false },
        ...(authorityFile === undefined ? [] : [{ path: authorityFile, writable: false }]),
        { path: run.cache, writable: true },
        { path: run.folder, writable: true },
      ],
      network: true,
      limits,
    },
    signal,
  );
  if (ending.ended === 'exit' && ending.exitCode !== 0) throwIfRegistry(ending.output, run.registry);
  return ending;
}

/** Codes of npm's own error lines; what they say is about the registry and not about the project. */
function throwIfRegistry(output: string, registry: string): void {
  const code = /^npm error code (\w+)$/m.exec(output)?.[1] ?? '';
  const host = new URL(registry).host;
  if (/^(?:E401|E403|ENEEDAUTH)$/.test(code))
    throw new GraftError(
      'registry_credentials',
      `${host} refuses to give a package (${code}): give the build worker a registry that does.`,
    );
  if (
    /^(?:E5\d\d|E429|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH)$/.test(code)
  )
    throw new GraftError('unavailable', `The package registry ${host} cannot be reached (${code}).`);
}
