import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

type Manifest = Record<string, unknown> & { name: string; version: string };

export interface TestRegistry {
  url: string;
  /** Paths that were asked for. */
  asked: readonly string[];
  close(): Promise<void>;
}

/** A registry of packages that exist nowhere else: each is a `package.json` and the files given for it. */
export async function startRegistry(
  packages: readonly { manifest: Manifest; files?: Record<string, string> }[],
  /** Says that the tarballs are elsewhere, or gives others than it says. */
  { tarballsAt, tampered = false }: { tarballsAt?: string; tampered?: boolean } = {},
): Promise<TestRegistry> {
  const asked: string[] = [];
  const tarballs = new Map<string, Buffer>();
  const documents = new Map<string, (url: string) => unknown>();
  for (const name of new Set(packages.map(({ manifest }) => manifest.name))) {
    const versions: [string, Manifest, Buffer][] = [];
    for (const { manifest, files } of packages.filter((one) => one.manifest.name === name)) {
      const path = `/${name}/-/${name.split('/').at(-1)}-${manifest.version}.tgz`;
      const bytes = await packPackage({ 'package.json': `${JSON.stringify(manifest, null, 2)}\n`, ...files });
      tarballs.set(path, tampered ? await packPackage({ 'package.json': '{}', ...files, more: '' }) : bytes);
      versions.push([path, manifest, bytes]);
    }
    documents.set(`/${name}`, (url) => documentOf(name, versions, url));
  }
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://registry').pathname);
    asked.push(path);
    const url = tarballsAt?.replace(/\/$/, '') ?? `http://${request.headers.host}`;
    const tarball = tarballs.get(path);
    const document = documents.get(path)?.(url);
    if (tarball !== undefined) response.setHeader('content-type', 'application/octet-stream').end(tarball);
    else if (document !== undefined)
      response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
    else response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not_found"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function documentOf(name: string, versions: readonly [string, Manifest, Buffer][], url: string): unknown {
  const [, latest] = versions.at(-1) ?? [];
  return {
    name,
    'dist-tags': { latest: latest?.version },
    time: Object.fromEntries(versions.map(([, { version }]) => [version, '2020-01-01T00:00:00.000Z'])),
    versions: Object.fromEntries(
      versions.map(([path, manifest, bytes]) => [
        manifest.version,
        {
          ...manifest,
          dist: {
            tarball: `${url}${path}`,
            shasum: createHash('sha1').update(bytes).digest('hex'),
            integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
          },
        },
      ]),
    ),
  };
}

async function packPackage(files: Record<string, string>): Promise<Buffer> {
  const archive = pack();
  const bytes = buffer(archive);
  for (const [path, text] of Object.entries(files))
    archive.entry({ name: `package/${path}`, mtime: new Date(0), mode: 0o644 }, text);
  archive.finalize();
  return gzipSync(await bytes);
}
