import { createSign } from 'node:crypto';
import { z } from 'zod';
import type { ProbeHttp } from '../../contract/connector.ts';
import { GraftError } from '../../contract/errors.ts';
import { type ServiceAccount, tokenUrl } from './credentials.ts';
import { nonsense, outage, problemOf, serviceAccountRejected, unreachable } from './faults.ts';
import { readJson } from './read-json.ts';

const scope = 'https://www.googleapis.com/auth/firebase.readonly';
const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const lifetimeSeconds = 300;

const Token = z.object({ access_token: z.string().min(1), token_type: z.literal('Bearer') });

/**
 * Changes a claim that the service account signs for an access token that may only read. Asking for a token stores nothing at
 * Google, though it is a POST. Throws `credentials_rejected` or `provider_unavailable`.
 */
export async function fetchAccessToken(account: ServiceAccount, { fetch }: ProbeHttp): Promise<string> {
  const body = new URLSearchParams({ grant_type: grantType, assertion: signedClaim(account) }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const reply = await fetch(tokenUrl, { method: 'POST', headers, body }).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  const answer = await readJson(reply);
  const problem = problemOf(answer);
  const fault = outage(reply, problem);
  if (fault !== undefined) throw fault;
  if (/reasonable timeframe/i.test(problem.message)) {
    const message =
      'Google refused the time of the request: the clock of this machine is wrong. Set it, then try again.';
    throw new GraftError('provider_unavailable', message);
  }
  if (reply.status >= 400 && problem.status !== '') throw serviceAccountRejected();
  const token = Token.safeParse(answer);
  if (!token.success) throw nonsense();
  return token.data.access_token;
}

/** A JWT, as RFC 7523 has it, that says who asks for which scope. */
function signedClaim({ email, privateKey, privateKeyId }: ServiceAccount): string {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: 'RS256', typ: 'JWT', ...(privateKeyId === undefined ? {} : { kid: privateKeyId }) };
  const claim = { iss: email, scope, aud: tokenUrl, iat: now, exp: now + lifetimeSeconds };
  const text = [header, claim].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
}
