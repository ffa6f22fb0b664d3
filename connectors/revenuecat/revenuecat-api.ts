import { z } from 'zod';
import type { ProbeHttp } from '../../contract/connector.ts';
import { GraftError } from '../../contract/errors.ts';

const pageSize = 20;
const mostPages = 10;

const Fault = z.object({ type: z.string(), backoff_ms: z.number().nullish() });

/** Reads lists of RevenueCat's API v2; nothing that a reply says is repeated, because it may carry a part of the key. */
export class RevenueCatApi {
  readonly #http: ProbeHttp;
  readonly #secretKey: string;

  constructor(http: ProbeHttp, secretKey: string) {
    this.#http = http;
    this.#secretKey = secretKey;
  }

  /**
   * All entries of a list, or `denied` when a genuine key may not read it; throws `credentials_rejected` or
   * `provider_unavailable` for everything else.
   */
  async list<Entry extends { id: string }>(path: string, entry: z.ZodType<Entry>): Promise<Entry[] | 'denied'> {
    const Page = z.object({ object: z.literal('list'), items: z.array(entry), next_page: z.string().nullish() });
    const entries: Entry[] = [];
    for (let page = 0; page < mostPages; page++) {
      const last = entries.at(-1);
      const query = new URLSearchParams({ limit: `${pageSize}`, ...(last && { starting_after: last.id }) });
      const reply = await this.#get(`${path}?${query}`);
      if (reply === 'denied') return 'denied';
      const { success, data } = Page.safeParse(reply);
      if (!success) throw unusable();
      entries.push(...data.items);
      if (!data.next_page || data.items.length === 0) break;
    }
    return entries;
  }

  async #get(path: string): Promise<unknown> {
    const { status, headers, body } = await this.#send(path);
    if (status === 200) return body;
    if (status === 401) throw rejected();
    const fault = Fault.safeParse(body).data;
    if (status === 403 && fault) return 'denied';
    if (status === 429) {
      const message = 'RevenueCat takes no more requests of this key at the moment. Try again in a little while.';
      const retryAfterSeconds = secondsOf(headers.get('retry-after')) ?? secondsOfBackoff(fault?.backoff_ms);
      throw new GraftError('provider_unavailable', message, { details: { status }, retryAfterSeconds });
    }
    throw unusable({ status });
  }

  async #send(path: string): Promise<{ status: number; headers: Headers; body: unknown }> {
    try {
      const headers = { accept: 'application/json', authorization: `Bearer ${this.#secretKey}` };
      const reply = await this.#http.fetch(`https://api.revenuecat.com/v2${path}`, { headers });
      const text = await reply.text();
      return { status: reply.status, headers: reply.headers, body: jsonOf(text) };
    } catch (cause) {
      const message = 'RevenueCat could not be reached in time. Try again later.';
      throw new GraftError('provider_unavailable', message, { cause });
    }
  }
}

/** What a text says as JSON; undefined, which no schema takes, when it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function rejected(): GraftError {
  const fix =
    'Create a V2 secret key at https://app.revenuecat.com (the project, API keys) and paste it: RevenueCat does not know this one. It was revoked, has expired, or is a V1 key.';
  return new GraftError('credentials_rejected', fix, { fields: [{ field: 'secretKey', fix }] });
}

function unusable(details: Record<string, unknown> = {}): GraftError {
  return new GraftError('provider_unavailable', 'RevenueCat gave no usable answer. Try again later.', { details });
}

/** Seconds of a `Retry-After` header, which is a number or a date. */
function secondsOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.max(seconds, 0) : undefined;
}

function secondsOfBackoff(milliseconds: number | null | undefined): number | undefined {
  return milliseconds == null ? undefined : Math.ceil(milliseconds / 1000);
}
