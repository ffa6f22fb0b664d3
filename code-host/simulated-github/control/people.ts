import { randomBytes } from 'node:crypto';
import type { Account, Permissions } from '../state.ts';
import { accountOf, findAccount, newId, timeOf, type World } from '../world.ts';

export interface TokenWish {
  /** `owner/name` of those that the token reaches; all without it. */
  repositories?: readonly string[];
  /** A fine-grained token has these, and reading metadata; a classic one, without them, all that its person may do. */
  permissions?: Permissions;
}

/** An account by this login, made when there is none. */
export function addAccount(world: World, login: string, type: Account['type'] = 'User'): Account {
  const known = findAccount(world, login);
  if (known) return known;
  const account: Account = { id: newId(world), login, type, createdAt: timeOf(world) };
  world.state.accounts.push(account);
  return account;
}

/** A token of a person, classic or fine-grained. */
export function personToken(world: World, login: string, { repositories, permissions }: TokenWish = {}): string {
  const token = [permissions ? 'github_pat' : 'ghp', randomBytes(18).toString('hex')].join('_');
  world.state.tokens.push({
    kind: 'person',
    token,
    login: accountOf(world, login).login,
    permissions: permissions ? { ...permissions, metadata: 'read' } : null,
    repositories: repositories ? [...repositories] : null,
  });
  return token;
}

/** Makes a token worthless from now on. */
export function revoke(world: World, token: string): void {
  world.state.tokens = world.state.tokens.filter((one) => one.token !== token);
}
