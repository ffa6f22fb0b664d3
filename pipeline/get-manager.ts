import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import semver from 'semver';
import { GraftError } from '../contract/errors.ts';
import type { ChosenManager } from './choose-manager.ts';
import { npmFolder, npmVersion } from './own-npm.ts';
import { type ManagerContext, type Tool, runManager } from './run-manager.ts';

const run = promisify(execFile);

/** npm as it comes with Graft. */
const ownNpm: Tool = {
  kind: 'npm',
  version: npmVersion,
  folder: npmFolder,
  program: [process.execPath, join(npmFolder, 'bin/npm-cli.js')],
};

/**
 * Gets a package manager from the registry, once per version for all projects: its package with the registry's integrity, and
 * compared with the hash that the app pins. Throws `validation_failed` when that hash is another's or there is no such
 * version, and what `runManager` throws for the registry.
 */
export async function getManager(chosen: ChosenManager, context: ManagerContext): Promise<Tool> {
  if (chosen.kind === 'npm') return ownNpm;
  const { kind, version } = chosen;
  const { name, program } = packageOf(chosen);
  const folder = await unpacked(name, version, context);
  if (chosen.hash !== undefined) await compareHash(chosen, context);
  const entry = join(folder, 'package', program ?? (await binOf(join(folder, 'package'), kind)));
  return {
    kind,
    version,
    folder: await realpath(folder),
    program: program === undefined ? [process.execPath, entry] : [entry],
  };
}

/** The package of the registry that holds it, and its program where that is none of Node's. */
function packageOf({ kind, version }: ChosenManager): { name: string; program?: string } {
  const musl = process.platform === 'linux' && !isGlibc() ? '-musl' : '';
  if (kind === 'bun') {
    // The baseline build runs on processors without AVX2 as well.
    const machine = process.arch === 'arm64' ? 'aarch64' : `x64${musl}-baseline`;
    return {
      name: `@oven/bun-${process.platform}-${machine}${process.arch === 'arm64' ? musl : ''}`,
      program: 'bin/bun',
    };
  }
  if (kind === 'pnpm' && semver.major(version) >= 12)
    return { name: `@pnpm/exe.${process.platform}-${process.arch}${musl}`, program: 'pnpm' };
  return { name: wrapperOf(kind) };
}

/** The package that `packageManager` means. */
function wrapperOf(kind: ChosenManager['kind']): string {
  return { npm: 'npm', pnpm: 'pnpm', yarn1: 'yarn', yarn: '@yarnpkg/cli-dist', bun: 'bun' }[kind];
}

function isGlibc(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}

async function binOf(folder: string, kind: ChosenManager['kind']): Promise<string> {
  const { bin } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    bin?: string | Record<string, string>;
  };
  const entry = typeof bin === 'string' ? bin : bin?.[kind === 'pnpm' ? 'pnpm' : 'yarn'];
  if (entry === undefined) throw new GraftError('internal', `The package of ${kind} in ${folder} has no program.`);
  return entry;
}

/** Folder with the tarball of a package, as `package.tgz`, and its content in `package`. */
async function unpacked(name: string, version: string, context: ManagerContext): Promise<string> {
  const folder = join(context.workspace.managers, `${name.replaceAll(/[@/]/g, '.')}-${version}`);
  if ((await stat(folder).catch(() => undefined)) !== undefined) return folder;
  const part = join(context.workspace.managers, `.${randomUUID()}`);
  await mkdir(join(part, 'package'), { recursive: true });
  try {
    const at = await realpath(part);
    const ending = await runManager(ownNpm, at, ['pack', `${name}@${version}`], context);
    const tarball = (await readdir(part)).find((file) => file.endsWith('.tgz'));
    if (ending.exitCode !== 0 || ending.ended !== 'exit' || tarball === undefined)
      throw new GraftError(
        'validation_failed',
        `${name} ${version}, which the app pins, cannot be fetched: pin a version that the registry has.`,
        { details: { output: ending.output.slice(-1000) } },
      );
    await rename(join(part, tarball), join(part, 'package.tgz'));
    const flags = ['--extract', '--gzip', '--no-same-owner', '--strip-components=1', '--file=package.tgz'];
    await run('tar', [...flags, '--directory=package'], { cwd: part, env: { PATH: '/usr/bin:/bin' } });
    await rename(part, folder).catch((error: NodeJS.ErrnoException) => {
      // Another run got the same version first.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    return folder;
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** As Corepack computes it: of yarn 2 and newer of its one file, else of the whole package. */
async function compareHash({ kind, version, hash }: ChosenManager, context: ManagerContext): Promise<void> {
  if (hash === undefined) return;
  const folder = await unpacked(wrapperOf(kind), version, context);
  const file =
    kind === 'yarn' ? join(folder, 'package', await binOf(join(folder, 'package'), kind)) : join(folder, 'package.tgz');
  const digest = createHash(hash.algorithm);
  await pipeline(createReadStream(file), digest);
  if (digest.digest('hex') === hash.digest.toLowerCase()) return;
  throw new GraftError(
    'validation_failed',
    `packageManager pins ${wrapperOf(kind)} ${version} by a hash that the registry's does not have: pin it again.`,
  );
}
