import type { ProbeHttp } from '../../contract/connector.ts';
import { hostEntryOf } from '../../contract/host-entry.ts';

/** A request that a probe made. */
export interface SentRequest {
  method: string;
  url: string;
}

/** HTTP for a probe as the product gives it, but with every host led to a simulator, a time limit of its own, and a record of what was sent. */
export function simulatedHttp(options: {
  hosts: readonly string[];
  origin: string;
  milliseconds: number;
  sent: SentRequest[];
}): ProbeHttp {
  return {
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const url = new URL(request.url);
      options.sent.push({ method: request.method, url: request.url });
      if (url.protocol !== 'https:' || hostEntryOf(options.hosts, url.hostname) === undefined) {
        throw new TypeError(`${url.origin} is no host of this connector.`);
      }
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(options.milliseconds)]);
      const { method, headers } = request;
      const body = method === 'GET' ? {} : { body: await request.text() };
      return fetch(new URL(url.pathname + url.search, options.origin), {
        method,
        headers,
        redirect: 'error',
        signal,
        ...body,
      });
    },
  };
}
