import type { Router } from 'express';
import { z } from 'zod';
import { connectors } from '../../connectors/index.ts';
import { GraftError } from '../../contract/errors.ts';
import { newId } from '../../contract/ids.ts';
import { getInstallation } from '../../db/queries/installations.ts';
import { claimOperation, findClaim } from '../../db/queries/operations.ts';
import { deleteSubmission, insertSubmission } from '../../db/queries/submissions.ts';
import { seal } from '../../vault/seal.ts';
import { answerPerson } from '../answer-person.ts';
import { allow } from '../authenticate.ts';
import { readCredentials } from '../credentials.ts';
import type { Dependencies } from '../dependencies.ts';
import { findInstallation } from '../find-target.ts';
import { ObjectField, parse, refuseFaults } from '../parse.ts';
import { startSoon } from '../start-soon.ts';

const Body = z.strictObject({ credentials: ObjectField('credentials') });

/** `POST …/:installation/credentials`: answers one that waits for better credentials, or reconnects a disconnected one. */
export function replaceCredentials(router: Router, dependencies: Dependencies): void {
  const { database, sealingKey } = dependencies;
  router.post('/projects/:project/connectors/:installation/credentials', allow('write'), async (request, response) => {
    const { installation } = await findInstallation(database, request, response);
    const { id, project, connector: name, environment } = installation;
    const { credentials } = parse(Body, request.body ?? {});
    const connector = connectors.get(name);
    if (connector === undefined)
      throw new GraftError('unsupported_app', `The connector ${name} is not part of this version any more.`);
    const { values, faults } = readCredentials(connector.manifest, environment, credentials);
    refuseFaults(faults);

    const submission = newId('submission');
    const at = { project, installation: id, connector: name, environment };
    const binding = { kind: 'installation', submission, ...at } as const;
    const sealed = await seal(sealingKey, binding, values);

    if ((await findClaim(database, id)) !== undefined) {
      await insertSubmission(database, binding, sealed);
      try {
        response
          .status(202)
          .json(await answerPerson(dependencies, installation, { answer: 'replaceCredentials', submission }));
      } catch (error) {
        // After `unavailable` the answer may have been taken all the same.
        if (!(error instanceof GraftError) || error.code !== 'unavailable')
          await deleteSubmission(database, submission);
        throw error;
      }
      return;
    }
    const workflowId = await database.transaction(async (transaction) => {
      const claimed = await claimOperation(transaction, installation, 'reconnect');
      const { status } = await getInstallation(transaction, id);
      if (status !== 'disconnected')
        throw new GraftError('answer_not_accepted', `This installation is ${status} and waits for no credentials.`, {
          details: { status },
        });
      await insertSubmission(transaction, binding, sealed);
      return claimed;
    });
    await startSoon(dependencies, workflowId, {
      name: 'installConnector',
      input: { ...at, submission, reconnect: true },
    });
    response.status(202).json({ id, workflowId, status: installation.status });
  });
}
