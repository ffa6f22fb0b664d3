import { randomUUID } from 'node:crypto';
import { installationJson } from './json/app-json.ts';
import { nodeId } from './json/node-id.ts';
import { repositoryJson } from './json/repository-json.ts';
import { userJson } from './json/user-json.ts';
import { deliver } from './deliver.ts';
import type { Account, Delivery, Installation, Repository } from './state.ts';
import { appOf, timeOf, type World } from './world.ts';

const keptDeliveries = 500;
// GitHub sends these to every app, whatever it subscribed to.
const always = ['ping', 'installation', 'installation_repositories'];

/** Tells the webhook, if there is one, what happened in a repository. */
export function emit(
  world: World,
  repository: Repository,
  event: string,
  action: string | null,
  payload: Record<string, unknown>,
  sender: Account,
): void {
  const installation = world.state.installations.find((one) => covers(one, repository));
  if (installation !== undefined) {
    const subscribed = always.includes(event) || appOf(world, installation.app).events.includes(event);
    if (!subscribed) return;
  }
  const target =
    installation === undefined
      ? ({ type: 'repository', id: repository.id } as const)
      : ({ type: 'integration', id: installation.app } as const);
  queue(world, event, action, target, {
    ...(action !== null && { action }),
    ...payload,
    repository: repositoryJson(world, repository),
    sender: userJson(world, sender),
    ...(installation && {
      installation: { id: installation.id, node_id: nodeId('INST', installation.id) },
    }),
  });
}

/** Tells the webhook about an installation itself. */
export function emitInstallation(world: World, installation: Installation, action: string, sender: Account): void {
  const repositories = world.state.repositories.filter((repository) => covers(installation, repository));
  queue(
    world,
    'installation',
    action,
    { type: 'integration', id: installation.app },
    {
      action,
      installation: installationJson(world, installation),
      repositories: repositories.map((repository) => ({
        id: repository.id,
        node_id: nodeId('R', repository.id),
        name: repository.name,
        full_name: `${repository.owner}/${repository.name}`,
        private: repository.private,
      })),
      requester: null,
      sender: userJson(world, sender),
    },
  );
}

/** Makes one delivery and sends it soon. */
export function queue(
  world: World,
  event: string,
  action: string | null,
  target: Delivery['target'],
  payload: Record<string, unknown>,
): void {
  if (world.state.webhook === null) return;
  const delivery: Delivery = {
    id: randomUUID(),
    event,
    action,
    payload,
    target,
    status: null,
    attempts: 0,
    deliveredAt: timeOf(world),
  };
  world.state.deliveries = [...world.state.deliveries.slice(1 - keptDeliveries), delivery];
  setImmediate(() => void deliver(world, delivery));
}

function covers(installation: Installation, repository: Repository): boolean {
  return (
    installation.owner === repository.owner &&
    installation.suspendedAt === null &&
    (installation.repositories === 'all' || installation.repositories.includes(repository.name))
  );
}
