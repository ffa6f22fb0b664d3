import { createHmac } from 'node:crypto';
import type { Delivery } from './state.ts';
import { timeOf, type World } from './world.ts';

const secondsToAnswer = 10;

/** Sends one delivery, signed, and notes what the receiver answered; GitHub does not try again by itself. */
export async function deliver(world: World, delivery: Delivery): Promise<void> {
  const { webhook } = world.state;
  if (webhook === null) return;
  const body = JSON.stringify(delivery.payload);
  const sign = (algorithm: string) =>
    `${algorithm}=${createHmac(algorithm, webhook.secret).update(body).digest('hex')}`;
  delivery.attempts++;
  delivery.deliveredAt = timeOf(world);
  try {
    const answer = await fetch(webhook.url, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(secondsToAnswer * 1000),
      headers: {
        accept: '*/*',
        'content-type': 'application/json',
        'user-agent': 'GitHub-Hookshot/5a1b2c3',
        'x-github-delivery': delivery.id,
        'x-github-event': delivery.event,
        'x-github-hook-id': String(webhook.id),
        'x-github-hook-installation-target-id': String(delivery.target.id),
        'x-github-hook-installation-target-type': delivery.target.type,
        'x-hub-signature': sign('sha1'),
        'x-hub-signature-256': sign('sha256'),
      },
    });
    delivery.status = answer.status;
    await answer.body?.cancel();
  } catch {
    delivery.status = 0;
  }
}
