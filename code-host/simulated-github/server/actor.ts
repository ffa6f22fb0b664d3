import type { Signature } from '../git/commits.ts';
import { noreplyMail } from '../json/user-json.ts';
import type { Account } from '../state.ts';
import { timeOf, type World } from '../world.ts';
import type { Identity } from './call.ts';
import { Problem } from './problem.ts';

/** The account that a request acts as: the person, or the app's bot. */
export function actorOf(identity: Identity): Account {
  if (identity.kind === 'person') return identity.account;
  if (identity.kind === 'installation') return identity.app.bot;
  throw new Problem(401, 'Requires authentication');
}

/** The app of a request that comes from an installation. */
export function appIdOf(identity: Identity): number | null {
  return identity.kind === 'installation' ? identity.app.id : null;
}

/** An account's own signature, now. */
export function signatureOf(world: World, account: Account): Signature {
  return { name: account.login, email: noreplyMail(account), date: timeOf(world), zone: '+0000' };
}

/** GitHub's own signature, as the committer of what it commits for people. */
export function githubSignature(world: World): Signature {
  return { name: 'GitHub', email: 'noreply@github.com', date: timeOf(world), zone: '+0000' };
}
