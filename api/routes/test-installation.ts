import type { Router } from 'express';
import { GraftError } from '../../contract/errors.ts';
import { newId, workflowId } from '../../contract/ids.ts';
import { allow, callerOf } from '../authenticate.ts';
import type { Dependencies } from '../dependencies.ts';
import { findInstallation } from '../find-target.ts';
import { Nothing, parse } from '../parse.ts';
import { createRateLimit } from '../rate-limit.ts';
import { ask } from '../workflows.ts';

/** `POST …/:installation/test`: tests what is installed at its provider. */
export function testInstallation(router: Router, { database, temporal }: Dependencies): void {
  const limit = createRateLimit(10, 60);
  router.post('/projects/:project/connectors/:installation/test', allow('write'), async (request, response) => {
    const { installation } = await findInstallation(database, request, response);
    parse(Nothing, request.body ?? {});
    limit(callerOf(response).id);
    if (installation.status !== 'active')
      throw new GraftError('not_active', 'Only an active installation can be tested.', {
        details: { status: installation.status },
      });
    const test = newId('request');
    const report = await ask(temporal, 'testConnection', {
      workflowId: workflowId.testInstallation(installation.id, test),
      input: { kind: 'installation', request: test, installation: installation.id },
      seconds: 60,
      summary: `Test ${installation.connector} (${installation.environment})`,
    });
    response.json(report);
  });
}
