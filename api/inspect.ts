import type { Client } from '@temporalio/client';
import type { ProjectInspection } from '../contract/activities.ts';
import { GraftError } from '../contract/errors.ts';
import { newId, workflowId } from '../contract/ids.ts';
import type { InspectInput } from '../contract/workflows.ts';
import { ask } from './workflows.ts';

/** GitHub is asked over the network, several times. */
const seconds = { local: 10, github: 30 } as const;

/** Reads what app stands in a repository now, within seconds; throws `unsupported_app` and the like with a field and a fix. */
export async function inspect(
  temporal: Client,
  { codeHost, repository, appDir }: InspectInput,
): Promise<ProjectInspection> {
  try {
    return await ask(temporal, 'inspectProject', {
      workflowId: workflowId.inspect(newId('request')),
      input: { codeHost, repository, appDir },
      seconds: seconds[codeHost],
      summary: `Inspect ${repository}`,
    });
  } catch (error) {
    if (!(error instanceof GraftError)) throw error;
    const { code, message, details } = error;
    // The repository comes from the body: one that is not there is a fault of that field.
    if (code === 'not_found' || code === 'code_host_refused')
      throw new GraftError('invalid_request', message, {
        cause: error,
        fields: [{ field: 'repository', fix: message }],
      });
    if (code === 'unsupported_app' || code === 'unsupported_sdk')
      throw new GraftError(code, message, { cause: error, details, fields: [{ field: 'appDir', fix: message }] });
    throw error;
  }
}
