import type { Router } from 'express';
import { z } from 'zod';
import { getConnector } from '../../connectors/index.ts';
import { newId, workflowId } from '../../contract/ids.ts';
import { deleteSubmission, insertSubmission } from '../../db/queries/submissions.ts';
import { seal } from '../../vault/seal.ts';
import { allow, callerOf } from '../authenticate.ts';
import { readCredentials } from '../credentials.ts';
import type { Dependencies } from '../dependencies.ts';
import { EnvironmentField, ObjectField, parse, refuseFaults } from '../parse.ts';
import { createRateLimit } from '../rate-limit.ts';
import { ask } from '../workflows.ts';

const Body = z.strictObject({ environment: EnvironmentField, credentials: ObjectField('credentials') });

/** `POST /connectors/:connector/test`: tests credentials before anything is installed; nothing of them is kept. */
export function testConnector(router: Router, { database, temporal, sealingKey }: Dependencies): void {
  const limit = createRateLimit(10, 60);
  router.post('/connectors/:connector/test', allow('write'), async (request, response) => {
    limit(callerOf(response).id);
    const { manifest } = getConnector(String(request.params['connector']));
    const { environment, credentials } = parse(Body, request.body ?? {});
    const { values, faults } = readCredentials(manifest, environment, credentials);
    refuseFaults(faults);

    const test = { request: newId('request'), submission: newId('submission'), connector: manifest.id, environment };
    const binding = { kind: 'test', ...test } as const;
    await insertSubmission(database, binding, await seal(sealingKey, binding, values));
    try {
      const report = await ask(temporal, 'testConnection', {
        workflowId: workflowId.testCredentials(test.request),
        input: { kind: 'submission', ...test },
        seconds: 60,
        summary: `Test credentials for ${manifest.id} (${environment})`,
      });
      response.json(report);
    } finally {
      await deleteSubmission(database, test.submission);
    }
  });
}
