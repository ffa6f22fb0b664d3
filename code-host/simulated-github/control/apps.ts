import { generateKeyPairSync } from 'node:crypto';
import { emitInstallation } from '../events.ts';
import type { Permissions } from '../state.ts';
import { accountOf, appOf, newId, timeOf, type World } from '../world.ts';
import { addAccount } from './people.ts';

export interface NewApp {
  slug: string;
  permissions: Permissions;
  events?: readonly string[];
  /** Login of the account that registered it. */
  owner?: string;
}

/** Registers a GitHub App; its private key is given here and kept nowhere. */
export function createApp(world: World, wish: NewApp): { appId: number; privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const createdAt = timeOf(world);
  const owner = addAccount(world, wish.owner ?? `${wish.slug}-owner`, 'Organization').login;
  const id = newId(world);
  const bot = { id: newId(world), login: `${wish.slug}[bot]`, type: 'Bot', createdAt } as const;
  const { slug, permissions, events = [] } = wish;
  world.state.apps.push({ id, slug, owner, publicKey, permissions, events, bot, createdAt });
  return { appId: id, privateKey };
}

/** Installs an app on an account, for some of its repositories or all; gives the id of the installation. */
export function installApp(
  world: World,
  app: number,
  owner: string,
  { repositories = 'all' }: { repositories?: 'all' | readonly string[] } = {},
): number {
  appOf(world, app);
  const account = addAccount(world, owner);
  const known = world.state.installations.find((one) => one.app === app && one.owner === account.login);
  if (known) throw new Error(`The app is already installed on ${owner}.`);
  const installation = {
    id: newId(world),
    app,
    owner: account.login,
    repositories: repositories === 'all' ? ('all' as const) : [...repositories],
    createdAt: timeOf(world),
    suspendedAt: null,
  };
  world.state.installations.push(installation);
  emitInstallation(world, installation, 'created', account);
  return installation.id;
}

/** Takes an app off an account: its tokens end at once. */
export function uninstallApp(world: World, id: number): void {
  const installation = world.state.installations.find((one) => one.id === id);
  if (installation === undefined) throw new Error(`The simulated GitHub has no installation ${id}.`);
  world.state.installations = world.state.installations.filter((one) => one !== installation);
  world.state.tokens = world.state.tokens.filter((one) => one.kind !== 'installation' || one.installation !== id);
  emitInstallation(world, installation, 'deleted', accountOf(world, installation.owner));
}
