import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundledList, expoPackages, untestedSdk } from '../test/harness/expo-packages.ts';
import { type TestRegistry, startRegistry } from '../test/harness/registry.ts';
import { readBundledVersions } from './read-bundled-versions.ts';

const { version } = untestedSdk;
const tarball = `expo/-/expo-${version}.tgz`;
let registry: TestRegistry;
let tampered: TestRegistry;
let locked: string;
let cache: string;

beforeAll(async () => {
  registry = await startRegistry(expoPackages);
  tampered = await startRegistry(expoPackages, { tampered: true });
  const bytes = Buffer.from(await (await fetch(registry.url + tarball)).arrayBuffer());
  locked = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
});
afterAll(async () => {
  await registry.close();
  await tampered.close();
});
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'graft-bundled-'));
  return () => rm(cache, { recursive: true });
});

const read = (asked: { version?: string; integrity?: string } = {}, url = registry.url, hosts: string[] = []) =>
  readBundledVersions(
    { version, integrity: undefined, ...asked },
    { registry: url, registryHosts: hosts, cache: join(cache, 'lists') },
  );
const refused = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('the versions that an Expo SDK brings', () => {
  it('come from the tarball of its expo, and from disk after that', async () => {
    const before = registry.asked.length;
    expect(await read({ integrity: locked })).toEqual(bundledList);
    expect(registry.asked.slice(before)).toEqual(['/expo', `/${tarball}`]);
    expect(await readdir(join(cache, 'lists'))).toEqual([`expo-${version}.json`]);
    expect(await read({ integrity: locked }, 'http://127.0.0.1:1/')).toEqual(bundledList);
    expect(await read({}, 'http://127.0.0.1:1/')).toEqual(bundledList);
  });

  it.each(['', '{"integrity":', '{"versions":{}}'])('are read again where the kept file holds %j', async (text) => {
    await read();
    await writeFile(join(cache, 'lists', `expo-${version}.json`), text);
    expect(await read({ integrity: locked })).toEqual(bundledList);
    expect(await read({}, 'http://127.0.0.1:1/')).toEqual(bundledList);
  });

  it('are read by many at once', async () => {
    expect(await Promise.all([read(), read(), read()])).toEqual([bundledList, bundledList, bundledList]);
  });

  it('are refused where the tarball is not the one of the lock file, whoever changed which', async () => {
    await expect(read({ integrity: locked }, tampered.url)).rejects.toEqual(refused('lock_rejected', /integrity/));
    await read();
    const other = `sha512-${createHash('sha512').update('another').digest('base64')}`;
    await expect(read({ integrity: other })).rejects.toEqual(refused('lock_rejected', /integrity/));
  });

  it('are refused where the tarball is not the one that the registry names', async () => {
    await expect(read({}, tampered.url)).rejects.toEqual(refused('unavailable', /another expo 99\.0\.3/));
    expect(await readdir(cache)).toEqual([]);
  });

  it('cannot be told of a version that is not there, is none, or brings no list', async () => {
    await expect(read({ version: '99.9.9' })).rejects.toEqual(
      refused('unsupported_sdk', /no expo 99\.9\.9.*lock file/),
    );
    await expect(read({ version: '../99' })).rejects.toEqual(refused('unsupported_sdk', /released version/));
    await expect(read({ version: '99.0.4' })).rejects.toEqual(refused('unsupported_sdk', /no list/));
  });

  it('wait for a registry that does not answer, or for who runs it', async () => {
    await expect(read({}, 'http://127.0.0.1:1/')).rejects.toEqual(refused('unavailable', /cannot be reached/));
    const none = await startRegistry([]);
    await expect(read({}, none.url)).rejects.toEqual(refused('unsupported_sdk', /has no \/expo/));
    await none.close();
    for (const [status, code, message] of [
      [200, 'unavailable', /not answer as a package registry/],
      [503, 'unavailable', /answered 503/],
      [302, 'unavailable', /cannot be reached/],
      [401, 'registry_credentials', /refuses to give expo \(401\)/],
    ] as const) {
      const server = createServer((_, response) => response.writeHead(status, { location: '/' }).end('<html>'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await expect(read({}, url)).rejects.toEqual(refused(code, message));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('come from another host only where the operator names it', async () => {
    const leading = await startRegistry(expoPackages, { tarballsAt: registry.url });
    const { host } = new URL(registry.url);
    await expect(read({}, leading.url)).rejects.toEqual(refused('registry_credentials', new RegExp(host)));
    expect(await read({}, leading.url, [host])).toEqual(bundledList);
    await leading.close();
  });
});
