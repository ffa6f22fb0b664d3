import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { valid, validRange } from 'semver';
import { extract } from 'tar-stream';
import { Agent, fetch } from 'undici';
import { z } from 'zod';
import { GraftError } from '../contract/errors.ts';
import type { BundledVersions } from '../contract/connector.ts';

export interface BundledSource {
  /** URL of the package registry. */
  registry: string;
  /** Hosts besides the registry's that it may keep its files on. */
  registryHosts: readonly string[];
  /** Folder in which a list is kept once it was read. */
  cache: string;
}

const listPath = 'package/bundledNativeModules.json';
const limits = { milliseconds: 20_000, bytes: 50 * 2 ** 20, unpackedBytes: 200 * 2 ** 20 };
const agent = new Agent({ maxResponseSize: limits.bytes });

const Versions = z.record(z.string(), z.string());
const Kept = z.object({ integrity: z.string(), versions: Versions });
const Document = z.object({
  versions: z.record(z.string(), z.object({ dist: z.object({ tarball: z.url(), integrity: z.string().optional() }) })),
});

/**
 * The versions of native packages that belong to an exact version of `expo`, from the list in its tarball, kept on disk.
 * `integrity` is what the app's lock file says of the tarball; without it the registry's word is taken. Throws `unsupported_sdk`
 * for a version that the registry lacks, `lock_rejected` for a tarball that is not the locked one, `registry_credentials`, and
 * `unavailable` while the registry does not answer.
 */
export async function readBundledVersions(
  { version, integrity }: { version: string; integrity: string | undefined },
  source: BundledSource,
): Promise<BundledVersions> {
  if (valid(version) !== version)
    throw new GraftError('unsupported_sdk', `expo "${version}" is no released version. Set one in package.json.`);
  const file = join(source.cache, `expo-${version}.json`);
  const kept = await readKept(file);
  if (kept !== undefined && (integrity === undefined || integrity === kept.integrity)) return kept.versions;
  const read = await download(version, integrity, source);
  await mkdir(source.cache, { recursive: true });
  const half = `${file}.${randomUUID()}`;
  await writeFile(half, JSON.stringify(read));
  await rename(half, file);
  return read.versions;
}

async function readKept(file: string): Promise<z.infer<typeof Kept> | undefined> {
  try {
    return Kept.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    // What is damaged is read and written again.
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

async function download(
  version: string,
  locked: string | undefined,
  { registry, registryHosts }: BundledSource,
): Promise<z.infer<typeof Kept>> {
  const root = new URL(registry.replace(/\/*$/, '/'));
  // The short form, which package managers ask for.
  const accept = 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8';
  const { versions } = readDocument(await ask(new URL('expo', root), accept), root);
  const dist = versions[version]?.dist;
  if (dist === undefined)
    throw new GraftError(
      'unsupported_sdk',
      `The registry ${root.host} has no expo ${version}, so the versions that belong to it cannot be told. Set a released version of expo in package.json and commit its lock file.`,
      { details: { version } },
    );
  const integrity = locked ?? dist.integrity;
  if (!integrity?.startsWith('sha512-'))
    throw new GraftError(
      'unsupported_sdk',
      `Neither the lock file nor ${root.host} has an integrity of expo ${version} to check it by. Commit a lock file.`,
    );
  const address = new URL(dist.tarball);
  if (![root.host, ...registryHosts].includes(address.host))
    throw new GraftError(
      'registry_credentials',
      `The registry ${root.host} keeps expo ${version} on ${address.host}: let GRAFT_REGISTRY_HOSTS name that host, too.`,
    );
  const bytes = await ask(address, '*/*');
  if (`sha512-${createHash('sha512').update(bytes).digest('base64')}` !== integrity)
    throw locked === undefined
      ? new GraftError('unavailable', `${root.host} gave another expo ${version} than it names. Tell who runs it.`)
      : new GraftError(
          'lock_rejected',
          `The expo ${version} of ${root.host} is not the one in the app's lock file: its integrity differs. Find out why, let the package manager write the lock file again, and commit it.`,
        );
  return { integrity, versions: await readList(bytes, version) };
}

function readDocument(bytes: Buffer, { host }: URL): z.infer<typeof Document> {
  try {
    return Document.parse(JSON.parse(bytes.toString()));
  } catch (cause) {
    throw new GraftError('unavailable', `${host} does not answer as a package registry does. Try again later.`, {
      cause,
    });
  }
}

async function readList(tarball: Buffer, version: string): Promise<BundledVersions> {
  const bytes = await promisify(gunzip)(tarball, { maxOutputLength: limits.unpackedBytes });
  for await (const entry of Readable.from([bytes]).pipe(extract())) {
    if (entry.header.name === listPath) {
      const versions = Versions.parse(JSON.parse((await buffer(entry)).toString()));
      return Object.fromEntries(Object.entries(versions).filter(([, range]) => validRange(range) !== null));
    }
    entry.resume();
  }
  throw new GraftError('unsupported_sdk', `expo ${version} brings no list of the versions that belong to it.`);
}

/** The bytes at an address of the registry; throws `registry_credentials`, `unsupported_sdk` where there is nothing, and `unavailable`. */
async function ask(url: URL, accept: string): Promise<Buffer> {
  const { status, bytes } = await answerOf(url, accept);
  if (status === 200) return bytes;
  if (status === 401 || status === 403)
    throw new GraftError(
      'registry_credentials',
      `${url.host} refuses to give expo (${status}): set GRAFT_REGISTRY to a registry that does.`,
    );
  if (status === 404)
    throw new GraftError(
      'unsupported_sdk',
      `The registry ${url.host} has no ${url.pathname}, so the versions that belong to this SDK cannot be told.`,
    );
  throw new GraftError('unavailable', `The package registry ${url.host} answered ${status}. Try again later.`);
}

async function answerOf(url: URL, accept: string): Promise<{ status: number; bytes: Buffer }> {
  const signal = AbortSignal.timeout(limits.milliseconds);
  try {
    const response = await fetch(url, { headers: { accept }, redirect: 'error', signal, dispatcher: agent });
    return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
  } catch (cause) {
    throw new GraftError('unavailable', `The package registry ${url.host} cannot be reached. Try again later.`, {
      cause,
    });
  }
}
