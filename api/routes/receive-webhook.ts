import express, { type Router } from 'express';
import { GraftError } from '../../contract/errors.ts';
import { insertDelivery } from '../../db/queries/deliveries.ts';
import { createDeliveryBell } from '../delivery-bell.ts';
import type { Dependencies } from '../dependencies.ts';
import { limitBodies } from '../limit-bodies.ts';
import { refuseFaults } from '../parse.ts';
import { readDelivery } from '../read-delivery.ts';
import { isSignature, isSigned } from '../webhook-signature.ts';

/** GitHub delivers no payload that is larger. */
const limit = 25 * 1024 * 1024;

/**
 * `POST /webhooks/github`: stores a delivery whose signature is good, once for its id, and answers at once; whose workflows
 * it matters to is found out by the control worker.
 */
export function receiveWebhook(router: Router, { database, webhookSecrets, log }: Dependencies): void {
  const ring = createDeliveryBell(database, log);
  router.post(
    '/webhooks/github',
    (request, _response, next) => {
      if (webhookSecrets.length === 0)
        throw new GraftError('not_found', 'No webhooks are taken here; set GITHUB_WEBHOOK_SECRET of the api.');
      // Not worth reading 25 MB.
      if (!isSignature(request.get('X-Hub-Signature-256') ?? '')) throw notSigned();
      next();
    },
    limitBodies(limit),
    express.raw({ limit, type: () => true, inflate: false }),
    async (request, response) => {
      const body: unknown = request.body;
      const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      if (!isSigned(bytes, request.get('X-Hub-Signature-256') ?? '', webhookSecrets)) throw notSigned();

      const id = request.get('X-GitHub-Delivery') ?? '';
      const event = request.get('X-GitHub-Event') ?? '';
      const faults = [];
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
        faults.push({ field: 'X-GitHub-Delivery', fix: 'Send the GUID of the delivery.' });
      if (!/^[a-z_]{1,64}$/.test(event)) faults.push({ field: 'X-GitHub-Event', fix: 'Send the name of the event.' });
      refuseFaults(faults);
      const delivery = readDelivery(id, event, parseJson(bytes));
      if (delivery !== undefined) {
        await insertDelivery(database, delivery);
        ring();
      }
      response.status(202).json({ status: 'accepted' });
    },
  );
}

function notSigned(): GraftError {
  return new GraftError('unauthorized', 'This delivery is not taken.');
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch (cause) {
    const fix = "The body is no JSON; choose the webhook's content type application/json.";
    throw new GraftError('invalid_request', fix, { cause, fields: [{ field: 'body', fix }] });
  }
}
