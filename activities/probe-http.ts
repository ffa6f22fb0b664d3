import { lookup } from 'node:dns';
import { BlockList, type LookupFunction } from 'node:net';
import { Agent, fetch } from 'undici';
import type { ProbeHttp } from '../contract/connector.ts';
import { GraftError } from '../contract/errors.ts';
import { hostEntryOf } from '../contract/host-entry.ts';

const timeoutMs = 10_000;
const maxResponseBytes = 1024 * 1024;

// Special-use addresses of RFC 6890: a provider's name that resolves to one of them is an attack or a mistake.
const notPublic = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  notPublic.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  notPublic.addSubnet(network, prefix, 'ipv6');

/** Is this address one of the public internet's? */
export function isPublicAddress(address: string, family: number): boolean {
  return !notPublic.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, []);
    const refused = addresses.find(({ address, family }) => !isPublicAddress(address, family));
    if (refused !== undefined) return callback(new Error(`${hostname} resolves to an address that is not public`), []);
    if (options.all === true) return callback(null, addresses);
    const [first] = addresses;
    if (first === undefined) return callback(new Error(`${hostname} has no address`), []);
    return callback(null, first.address, first.family);
  });
};

/**
 * HTTP for a probe: only these hosts, https, no redirects, no private address after resolution, 10 s, 1 MB.
 * `simulators` (entry of `hosts` → origin on loopback) exist in the embedded stack only. Throws `provider_unavailable`.
 */
export function createProbeHttp(hosts: readonly string[], simulators: ReadonlyMap<string, string>): ProbeHttp {
  const real = new Agent({ connect: { lookup: publicLookup, timeout: timeoutMs }, maxResponseSize: maxResponseBytes });
  const simulated = new Agent({ maxResponseSize: maxResponseBytes });

  return {
    async fetch(input, init) {
      const url = new URL(input instanceof Request ? input.url : input);
      const entry = hostEntryOf(hosts, url.hostname);
      if (url.protocol !== 'https:' || entry === undefined || url.port !== '')
        throw new GraftError(
          'provider_unavailable',
          `The probe may not call ${url.origin}: its manifest does not name it.`,
        );
      const origin = simulators.get(entry);
      const target = origin === undefined ? url : new URL(url.pathname + url.search, origin);
      try {
        const response = await fetch(target, {
          ...asUndici(init),
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMs),
          dispatcher: origin === undefined ? real : simulated,
        });
        return asGlobal(response);
      } catch (cause) {
        throw new GraftError('provider_unavailable', `${url.hostname} did not answer: try again later.`, { cause });
      }
    },
  };
}

// The package's fetch and Node's own are one implementation in two versions; only the type names differ.
function asUndici(init: RequestInit | undefined): NonNullable<Parameters<typeof fetch>[1]> {
  return (init ?? {}) as NonNullable<Parameters<typeof fetch>[1]>;
}
function asGlobal(response: Awaited<ReturnType<typeof fetch>>): Response {
  return response as unknown as Response;
}
