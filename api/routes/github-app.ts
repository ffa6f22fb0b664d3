import type { Router } from 'express';
import { newId, workflowId } from '../../contract/ids.ts';
import { allow, callerOf } from '../authenticate.ts';
import type { Dependencies } from '../dependencies.ts';
import { createInstallState } from '../install-state.ts';
import { ask } from '../workflows.ts';

/**
 * `GET /github/app`: who Graft is at GitHub, what permissions it lacks, and for an App the link to install it, good for 10
 * minutes.
 */
export function describeGithubApp(router: Router, { temporal, hashKey, webhookSecrets }: Dependencies): void {
  router.get('/github/app', allow('admin'), async (_request, response) => {
    const identity = await ask(temporal, 'describeCodeHost', {
      workflowId: workflowId.describe(newId('request')),
      input: { codeHost: 'github' },
      seconds: 30,
      summary: 'Say who Graft is at GitHub',
    });
    const webhooks = webhookSecrets.length > 0;
    if (identity.kind !== 'app') {
      response.json({ ...identity, webhooks });
      return;
    }
    const installUrl = new URL(identity.installUrl);
    installUrl.searchParams.set('state', createInstallState(hashKey, callerOf(response).id));
    response.json({ ...identity, installUrl: installUrl.href, webhooks });
  });
}
