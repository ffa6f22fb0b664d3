import { randomInt } from 'node:crypto';
import { deliver } from '../deliver.ts';
import { queue } from '../events.ts';
import type { Delivery } from '../state.ts';
import type { World } from '../world.ts';

/** Sends events to this address from now on, beginning with a ping; null stops it. */
export function setWebhook(world: World, webhook: { url: string; secret: string } | null): void {
  const id = randomInt(100_000_000, 999_999_999);
  world.state.webhook = webhook && { id, ...webhook };
  if (webhook === null) return;
  const app = world.state.apps[0];
  const hook = {
    type: app ? 'App' : 'Repository',
    id,
    name: 'web',
    active: true,
    events: [...(app?.events ?? ['*'])],
    config: { content_type: 'json', insecure_ssl: '0', secret: '********', url: webhook.url },
    ...(app && { app_id: app.id }),
  };
  const target = app ? ({ type: 'integration', id: app.id } as const) : ({ type: 'repository', id: 0 } as const);
  queue(world, 'ping', null, target, { zen: 'Design for failure.', hook_id: id, hook });
}

/** Sends one delivery again, under the same id, as the button in the settings does. */
export async function redeliver(world: World, id: string): Promise<Delivery> {
  const delivery = world.state.deliveries.find((one) => one.id === id);
  if (delivery === undefined) throw new Error(`The simulated GitHub has no delivery ${id}.`);
  await deliver(world, delivery);
  return delivery;
}
