// Loaded before a server module: leads the provider's hosts to their simulators, for fetch and node:https alike, and lets
// imports without an extension find their file, as the app's bundler would.
import http from 'node:http';
import https from 'node:https';
import { existsSync } from 'node:fs';
import { registerHooks, syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';

const origins = JSON.parse(process.env['GRAFT_HOST_ORIGINS'] ?? '{}') as Record<string, string>;
delete process.env['GRAFT_HOST_ORIGINS'];

// An entry is a host, or `*.` in place of its first label, as in `contract/host-entry.ts`, which is not there in the sandbox.
const originOf = (hostname: string) => origins[hostname] ?? origins[hostname.replace(/^[^.]+/, '*')];

const fetchOfNode = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const { hostname, pathname, search } = new URL(request.url);
  const origin = originOf(hostname);
  if (origin === undefined) throw new TypeError(`fetch failed: ${hostname} is no host of this connector`);
  const body = request.body === null ? undefined : await request.arrayBuffer();
  return fetchOfNode(new URL(pathname + search, origin), {
    method: request.method,
    headers: request.headers,
    body,
    redirect: request.redirect,
    signal: request.signal,
  });
};

type RequestArguments = [string | URL | https.RequestOptions, ...unknown[]];

function requestSimulator(...given: RequestArguments): http.ClientRequest {
  const [first, second] = given;
  const url = typeof first === 'string' || first instanceof URL ? new URL(first) : undefined;
  const options = (url === undefined ? first : typeof second === 'object' ? second : {}) as https.RequestOptions;
  const callback = given.findLast((argument) => typeof argument === 'function') as
    | ((response: http.IncomingMessage) => void)
    | undefined;
  const hostname = url?.hostname ?? options.hostname ?? options.host ?? '';
  const origin = originOf(hostname);
  if (origin === undefined) throw new Error(`${hostname} is no host of this connector`);
  const { hostname: host, port } = new URL(origin);
  const path = url === undefined ? options.path : url.pathname + url.search;
  const { agent: _, host: __, ...kept } = options;
  return http.request({ ...kept, protocol: 'http:', hostname: host, port, path }, callback);
}

https.request = requestSimulator as typeof https.request;
https.get = ((...given: RequestArguments) => requestSimulator(...given).end()) as typeof https.get;
syncBuiltinESMExports();

registerHooks({
  resolve(specifier, context, next) {
    if (/^\.{1,2}\//.test(specifier) && context.parentURL !== undefined) {
      const wanted = new URL(specifier, context.parentURL);
      for (const ending of ['', '.ts', '.js', '.mjs', '/index.ts', '/index.js']) {
        const url = new URL(wanted.href + ending);
        if (/\.[cm]?[jt]sx?$|\.json$/.test(url.pathname) && existsSync(fileURLToPath(url)))
          return next(url.href, context);
      }
    }
    return next(specifier, context);
  },
});
