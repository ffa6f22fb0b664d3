import { accountOf, appOf, type World } from '../world.ts';
import type { Identity } from './call.ts';
import { appOfJsonWebToken } from './json-web-token.ts';
import { Problem } from './problem.ts';

/** Who sent this Authorization header; 401 when it names nobody. */
export function identify(world: World, authorization: string | undefined): Identity {
  if (authorization === undefined) return { kind: 'none' };
  const [scheme = '', value = ''] = authorization.trim().split(/\s+/);
  if (/^basic$/i.test(scheme)) {
    const [user = '', password = ''] = Buffer.from(value, 'base64').toString().split(':');
    return identityOfToken(world, password || user);
  }
  if (!/^(token|bearer)$/i.test(scheme)) throw new Problem(401, 'Bad credentials');
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(value)
    ? { kind: 'app', app: appOfJsonWebToken(world, value) }
    : identityOfToken(world, value);
}

function identityOfToken(world: World, value: string): Identity {
  const token = world.state.tokens.find((one) => one.token === value);
  if (token === undefined) throw new Problem(401, 'Bad credentials');
  if (token.kind === 'person') {
    const { permissions, repositories } = token;
    return { kind: 'person', account: accountOf(world, token.login), permissions, repositories };
  }
  const installation = world.state.installations.find((one) => one.id === token.installation);
  if (installation === undefined || Date.parse(token.expiresAt) <= world.now().getTime()) {
    throw new Problem(401, 'Bad credentials');
  }
  if (installation.suspendedAt !== null) throw new Problem(403, 'This installation has been suspended');
  const { permissions, repositories } = token;
  return { kind: 'installation', app: appOf(world, installation.app), installation, permissions, repositories };
}

/** How the log of requests names an identity. */
export function kindOf(identity: Identity): string {
  if (identity.kind !== 'person') return identity.kind;
  return identity.permissions === null ? 'classic' : 'fine-grained';
}
