import type { Router } from 'express';
import { z } from 'zod';
import { GraftError } from '../../contract/errors.ts';
import { getInstallation } from '../../db/queries/installations.ts';
import { claimOperation } from '../../db/queries/operations.ts';
import { allow } from '../authenticate.ts';
import type { Dependencies } from '../dependencies.ts';
import { findInstallation } from '../find-target.ts';
import { connectorNamed } from '../named-connector.ts';
import { ObjectField, parse } from '../parse.ts';
import { startSoon } from '../start-soon.ts';

const Body = z.strictObject({ options: ObjectField('options').optional() });

/**
 * `PATCH …/:installation {options?}`: brings the code of what is active to these options, for every environment that uses
 * it; without options it stays with its own, is brought to the newest template, and what is missing comes back.
 */
export function updateInstallation(router: Router, dependencies: Dependencies): void {
  const { database } = dependencies;
  router.patch('/projects/:project/connectors/:installation', allow('write'), async (request, response) => {
    const { installation } = await findInstallation(database, request, response);
    const { id, project, connector, environment } = installation;
    const body = parse(Body, request.body ?? {});
    const { manifest } = connectorNamed(connector);
    const options = parse(manifest.options, body.options ?? installation.options, 'options');
    const workflowId = await database.transaction(async (transaction) => {
      const claimed = await claimOperation(transaction, installation, 'update', options);
      // Read under the claim, which alone may change it from here.
      const { status } = await getInstallation(transaction, id);
      if (status !== 'active')
        throw new GraftError('not_active', `There is nothing to update: this installation is ${status}.`, {
          details: { status },
        });
      return claimed;
    });
    const input = { installation: id, project, connector, environment, submission: '' };
    await startSoon(dependencies, workflowId, { name: 'updateConnector', input });
    response.status(202).json({ id, workflowId, status: installation.status });
  });
}
