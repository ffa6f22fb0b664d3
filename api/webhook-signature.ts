import { createHmac, timingSafeEqual } from 'node:crypto';

const shape = /^sha256=([0-9a-f]{64})$/;

/** Could this be an `X-Hub-Signature-256` at all? */
export function isSignature(header: string): boolean {
  return shape.test(header);
}

/** Is this `X-Hub-Signature-256` the body's under one of the secrets? Takes as long whichever it is, or if it is none's. */
export function isSigned(body: Uint8Array, signature: string, secrets: readonly string[]): boolean {
  const [, hex] = shape.exec(signature) ?? [];
  if (hex === undefined) return false;
  const shown = Buffer.from(hex, 'hex');
  const matches = secrets.map((secret) => timingSafeEqual(createHmac('sha256', secret).update(body).digest(), shown));
  return matches.includes(true);
}
