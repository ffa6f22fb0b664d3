import { z } from 'zod';
import type { ConnectionReport, ProbeHttp, ProbeInput } from '../../contract/connector.ts';
import { GraftError } from '../../contract/errors.ts';
import { Credentials, keysPage, namesApp } from './credentials.ts';

const Segments = z.object({ total_count: z.number(), segments: z.array(z.object({ id: z.string() })) });
const Refusal = z.object({ errors: z.array(z.string()) });

/** Proves by one read that the key opens the app. Nothing that a reply says is repeated, because it may carry a part of the key. */
export async function probe({ credentials, http }: ProbeInput): Promise<ConnectionReport> {
  const checked = Credentials.safeParse(credentials);
  if (!checked.success) {
    const fields = checked.error.issues.map(({ path, message }) => ({ field: path.join('.'), fix: message }));
    const message = fields[0]?.fix ?? 'The values have not the form of OneSignal values.';
    throw new GraftError('credentials_rejected', message, { fields });
  }
  // `GET /apps/{id}` would answer with the push credentials of Apple and Google, which are none of our business.
  const { status, headers, body } = await send(http, checked.data);
  if (status === 200 && Segments.safeParse(body).success) {
    return {
      account: `OneSignal app ${checked.data.appId}`,
      mode: undefined,
      notes: [
        'One read proves that the key opens the app. It cannot prove that notifications arrive: that takes the APNs key and the FCM service account at OneSignal.',
      ],
    };
  }
  const genuine = Refusal.safeParse(body).success;
  if (genuine && status === 401) throw rejected(checked.data);
  if (genuine && status === 403) throw notAllowed(checked.data);
  if (genuine && status === 404) throw unknownApp();
  if (status === 429) {
    const message = 'OneSignal takes no more requests of this app at the moment. Try again in a little while.';
    const retryAfterSeconds = secondsOf(headers.get('retry-after'));
    throw new GraftError('provider_unavailable', message, { details: { status }, retryAfterSeconds });
  }
  throw new GraftError('provider_unavailable', 'OneSignal gave no usable answer. Try again later.', {
    details: { status },
  });
}

async function send(http: ProbeHttp, { appId, apiKey }: Credentials) {
  try {
    const headers = { accept: 'application/json', authorization: `Key ${apiKey}` };
    const reply = await http.fetch(`https://api.onesignal.com/apps/${appId}/segments?limit=1`, { headers });
    const text = await reply.text();
    return { status: reply.status, headers: reply.headers, body: jsonOf(text) };
  } catch (cause) {
    const message = 'OneSignal could not be reached in time. Try again later.';
    throw new GraftError('provider_unavailable', message, { cause });
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

function rejected(credentials: Credentials): GraftError {
  const fix = namesApp(credentials)
    ? `Add an App API key at ${keysPage} and paste it: OneSignal does not take this one. It was deleted or has expired.`
    : `Copy App ID and App API key from the same app, at ${keysPage}: OneSignal does not take this key for this app. It belongs to another app, was deleted or has expired.`;
  return new GraftError('credentials_rejected', fix, { fields: [{ field: 'apiKey', fix }] });
}

function notAllowed(credentials: Credentials): GraftError {
  const fix = 'Allow the address of Graft in the IP allowlist of the key, or turn the allowlist off.';
  const other = namesApp(credentials) ? '' : ' If it is the key of another app, copy both from the same app instead.';
  const message = `OneSignal knows the key but does not take it from this address. ${fix} You find it at ${keysPage}.${other}`;
  return new GraftError('permission_missing', message, { fields: [{ field: 'apiKey', fix: fix + other }] });
}

function unknownApp(): GraftError {
  const fix = `Copy the App ID again from ${keysPage}: OneSignal knows no such app.`;
  return new GraftError('credentials_rejected', fix, { fields: [{ field: 'appId', fix }] });
}

/** Seconds of a `Retry-After` header, which is a number or a date. */
function secondsOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.max(seconds, 0) : undefined;
}
