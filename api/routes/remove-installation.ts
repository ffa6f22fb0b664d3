import type { Response, Router } from 'express';
import { z } from 'zod';
import { GraftError } from '../../contract/errors.ts';
import { getInstallation } from '../../db/queries/installations.ts';
import { claimOperation, findClaim } from '../../db/queries/operations.ts';
import type { Installation } from '../../db/schema/installations.ts';
import { allow } from '../authenticate.ts';
import type { Dependencies } from '../dependencies.ts';
import { findInstallation } from '../find-target.ts';
import { parse } from '../parse.ts';
import { startSoon } from '../start-soon.ts';
import { answerOperation } from '../workflows.ts';

const Query = z.strictObject({ keepCode: z.enum(['true', 'false'], 'Say true or false.').default('false') });

/** `DELETE …/:installation[?keepCode=true]`: removes or disconnects what is installed; before the merge it aborts. */
export function removeInstallation(router: Router, dependencies: Dependencies): void {
  const { database, temporal } = dependencies;
  router.delete('/projects/:project/connectors/:installation', allow('write'), async (request, response) => {
    const { installation } = await findInstallation(database, request, response);
    const kind = parse(Query, request.query).keepCode === 'true' ? 'disconnect' : 'remove';
    const claim = await findClaim(database, installation.id);
    if (claim?.operation === 'install' || claim?.operation === 'reconnect') {
      await answerOperation(temporal, claim.workflowId, { answer: 'abort' });
      sendAccepted(response, installation, claim.workflowId);
      return;
    }
    const workflowId = await database.transaction(async (transaction) => {
      const claimed = await claimOperation(transaction, installation, kind);
      // Read under the claim, which alone may change it from here.
      refuseNotThere(await getInstallation(transaction, installation.id), kind);
      return claimed;
    });
    const { id, project, connector, environment } = installation;
    const input = { installation: id, project, connector, environment, kind } as const;
    await startSoon(dependencies, workflowId, { name: 'uninstallConnector', input });
    sendAccepted(response, installation, workflowId);
  });
}

function refuseNotThere({ status }: Installation, kind: 'remove' | 'disconnect'): void {
  if (status === 'active' || (status === 'disconnected' && kind === 'remove')) return;
  const message =
    status === 'disconnected'
      ? 'It is disconnected already; leave keepCode out to remove its code.'
      : `There is nothing to remove: this installation is ${status}.`;
  throw new GraftError('not_active', message, { details: { status } });
}

function sendAccepted(response: Response, { id, status }: Installation, workflowId: string): void {
  response.status(202).json({ id, workflowId, status });
}
