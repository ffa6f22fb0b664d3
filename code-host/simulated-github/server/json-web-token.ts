import { createPublicKey, verify } from 'node:crypto';
import type { App } from '../state.ts';
import type { World } from '../world.ts';
import { Problem } from './problem.ts';

const longestSeconds = 600;
const refused = (message: string, status = 401) =>
  new Problem(status, message, { documentation: 'https://docs.github.com/rest' });
const undecodable = () => refused('A JSON web token could not be decoded');

/** The app that signed this token, checked as GitHub does: RS256, issuer, and an end within ten minutes. */
export function appOfJsonWebToken(world: World, token: string): App {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const { alg } = decode(header);
  const { iss, iat, exp } = decode(claims);
  if (alg !== 'RS256') throw undecodable();
  const app = world.state.apps.find((one) => String(one.id) === String(iss) || clientId(one) === iss);
  if (app === undefined) throw refused('Integration not found', 404);
  const key = createPublicKey(app.publicKey);
  const signed = Buffer.from(`${header}.${claims}`);
  if (!verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url'))) throw undecodable();

  const now = world.now().getTime() / 1000;
  if (typeof exp !== 'number' || exp <= now) {
    throw refused(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > now + longestSeconds) throw refused("'Expiration time' claim ('exp') is too far in the future");
  if (typeof iat !== 'number' || iat > now) {
    throw refused("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
  }
  return app;
}

/** The client id of an app, which may stand for its number as the issuer. */
export function clientId(app: App): string {
  return `Iv1.${app.id.toString(16).padStart(16, '0')}`;
}

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw undecodable();
}
