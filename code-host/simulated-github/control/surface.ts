import type { RateLimits } from '../server/rate-limit.ts';
import type { LoggedRequest } from '../server/rest.ts';
import type { Delivery, Role } from '../state.ts';
import { accountOf, type World } from '../world.ts';
import { createApp, installApp, uninstallApp, type NewApp } from './apps.ts';
import { addAccount, personToken, revoke, type TokenWish } from './people.ts';
import { mergeThroughQueue, onRepository, personOnPulls, type PersonInBrowser } from './pulls.ts';
import { createEnvironment, secretsOf, variablesOf } from './values.ts';
import { redeliver, setWebhook } from './webhook.ts';
import {
  configure,
  createRepository,
  deleteRepository,
  setPermission,
  type NewRepository,
  type RepositorySettings,
} from './repositories.ts';

/** What tests and the demo do to the simulated GitHub, besides speaking to it. A repository is named `owner/name`. */
export interface Controls {
  /** Gives the folder of the bare repository. */
  createRepository(wish: NewRepository): Promise<string>;
  deleteRepository(repository: string): Promise<void>;
  /** All repositories by their names, also those of an earlier start. */
  repositories(): readonly string[];
  configure(repository: string, settings: RepositorySettings): Promise<void>;
  addPerson(login: string): Promise<void>;
  setPermission(repository: string, login: string, role: Role | null): Promise<void>;
  personToken(login: string, wish?: TokenWish): Promise<string>;
  createApp(wish: NewApp): Promise<{ appId: number; privateKey: string }>;
  /** Gives the id of the installation. */
  installApp(app: number, owner: string, wish?: { repositories?: 'all' | readonly string[] }): Promise<number>;
  uninstallApp(installation: number): Promise<void>;
  revoke(token: string): Promise<void>;
  /** A person in the web interface. */
  act(login: string): PersonInBrowser;
  mergeThroughQueue(repository: string, number: number): Promise<string>;
  createEnvironment(repository: string, name: string): Promise<void>;
  /** Values in the clear, of the repository or of one environment. */
  secrets(repository: string, environment?: string): Record<string, string>;
  variables(repository: string, environment?: string): Record<string, string>;
  setWebhook(webhook: { url: string; secret: string } | null): Promise<void>;
  deliveries(): readonly Delivery[];
  /** Sends a delivery again under its id. */
  redeliver(id: string): Promise<Delivery>;
  setRateLimit(limit: { limit: number; remaining: number; resetInSeconds: number }): void;
  /** Makes the next requests answer as a secondary rate limit does. */
  secondaryLimit(limit: { retryAfter: number; times?: number; status?: 403 | 429 }): void;
  requests(): readonly LoggedRequest[];
}

/** The control surface of one simulator. */
export function controlSurface(world: World, limits: RateLimits, requests: readonly LoggedRequest[]): Controls {
  const saved = async <T>(result: T): Promise<T> => {
    await world.save();
    return result;
  };
  return {
    createRepository: (wish) => createRepository(world, wish),
    deleteRepository: async (repository) => saved(deleteRepository(world, repository)),
    repositories: () => world.state.repositories.map(({ owner, name }) => `${owner}/${name}`),
    configure: async (repository, settings) => saved(await configure(world, repository, settings)),
    async addPerson(login) {
      addAccount(world, login);
      await world.save();
    },
    setPermission: async (repository, login, role) => saved(setPermission(world, repository, login, role)),
    personToken: async (login, wish) => saved(personToken(world, login, wish)),
    createApp: async (wish) => saved(createApp(world, wish)),
    installApp: async (app, owner, wish) => saved(installApp(world, app, owner, wish)),
    uninstallApp: async (installation) => saved(uninstallApp(world, installation)),
    revoke: async (token) => saved(revoke(world, token)),
    act: (login) => personOnPulls(world, accountOf(world, login)),
    mergeThroughQueue: (repository, number) =>
      onRepository(world, repository, (found) => mergeThroughQueue(world, found, number)),
    createEnvironment: async (repository, name) => saved(await createEnvironment(world, repository, name)),
    secrets: (repository, environment) => secretsOf(world, repository, environment),
    variables: (repository, environment) => variablesOf(world, repository, environment),
    setWebhook: async (webhook) => saved(setWebhook(world, webhook)),
    deliveries: () => world.state.deliveries,
    redeliver: async (id) => saved(await redeliver(world, id)),
    setRateLimit: (limit) => limits.set(limit),
    secondaryLimit: ({ retryAfter, times = 1, status = 403 }) => limits.refuseNext({ retryAfter, times, status }),
    requests: () => requests,
  };
}
