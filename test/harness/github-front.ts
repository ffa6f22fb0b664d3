import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface GithubFront {
  url: string;
  close(): Promise<void>;
}

/** Stands before a GitHub under another path, or with answers of its own for some paths; passes on all the rest. */
export async function startGithubFront(
  target: string,
  {
    rewrite = (path) => path,
    answer = () => undefined,
  }: { rewrite?: (path: string) => string; answer?: (path: string) => Buffer | undefined },
): Promise<GithubFront> {
  const server = createServer((request, response) => {
    const path = rewrite(request.url ?? '/');
    const own = answer(path);
    if (own !== undefined) {
      response.writeHead(200, { 'content-type': 'application/x-gzip' }).end(own);
      return;
    }
    const pass = async (): Promise<void> => {
      const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
      const body = request.method === 'GET' ? undefined : new Uint8Array(await buffer(request));
      const passed = await fetch(target + path, {
        method: request.method ?? 'GET',
        headers: headers as Record<string, string>,
        ...(body && body.length > 0 && { body }),
      });
      const kept = [...passed.headers].filter(([name]) => !/^(content-encoding|content-length|transfer-)/.test(name));
      response.writeHead(passed.status, Object.fromEntries(kept));
      response.end(Buffer.from(await passed.arrayBuffer()));
    };
    pass().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
