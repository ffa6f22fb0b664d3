import { createHmac, timingSafeEqual } from 'node:crypto';

const minutesValid = 10;

/** Text for the browser to bring back from GitHub within 10 minutes: it proves who, by token id, was given the link. */
export function createInstallState(hashKey: Uint8Array, token: string, now = Date.now()): string {
  const said = `${token}.${now + minutesValid * 60 * 1000}`;
  return `${said}.${macOf(hashKey, said).toString('base64url')}`;
}

/** Id of the token that a state was made for; undefined when it is not ours or too old. */
export function readInstallState(hashKey: Uint8Array, state: string, now = Date.now()): string | undefined {
  const [, said = '', token, until, mac = ''] = /^((tok_\w{1,40})\.(\d{1,15}))\.([\w-]{43})$/.exec(state) ?? [];
  if (token === undefined || Number(until) <= now) return undefined;
  return timingSafeEqual(macOf(hashKey, said), Buffer.from(mac, 'base64url')) ? token : undefined;
}

function macOf(hashKey: Uint8Array, said: string): Buffer {
  // The key also hashes bodies, which are JSON: no body begins like this.
  return createHmac('sha256', hashKey).update(`github-install-state:${said}`).digest();
}
