import { createHmac, timingSafeEqual } from 'node:crypto';

/** Is this `X-Hub-Signature-256` the body's under one of the secrets? Takes as long whichever it is, or if it is none's. */
export function isSigned(body: Uint8Array, signature: string, secrets: readonly string[]): boolean {
  const [, hex] = /^sha256=([0-9a-f]{64})$/.exec(signature) ?? [];
  if (hex === undefined) return false;
  const shown = Buffer.from(hex, 'hex');
  const matches = secrets.map((secret) => timingSafeEqual(createHmac('sha256', secret).update(body).digest(), shown));
  return matches.includes(true);
}
