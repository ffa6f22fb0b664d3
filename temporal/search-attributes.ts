import { setTimeout } from 'node:timers/promises';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import proto from '@temporalio/proto';
import { GraftError } from '../contract/errors.ts';
import { searchAttributes } from '../contract/workflows.ts';

const { INDEXED_VALUE_TYPE_KEYWORD: keyword } = proto.temporal.api.enums.v1.IndexedValueType;
const names = Object.values(searchAttributes);
/** gRPC's numbers: https://grpc.io/docs/guides/status-codes/ */
const grpcStatus = { invalidArgument: 3, alreadyExists: 6 } as const;
/** Servers read the search attributes of a namespace from a cache that is up to 10 s old. */
const visibleWithinMs = 30_000;

/**
 * Adds those of our search attributes (type Keyword) that the client's namespace lacks; returns when workflows can carry
 * them. Running it again changes nothing. Throws `unavailable`, also when one is there with another type.
 */
export async function registerSearchAttributes(client: Client): Promise<void> {
  try {
    await addMissing(client);
    await untilKnown(client);
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    const message = `Temporal refused to register search attributes (${error.message}): add ${names.join(', ')} as Keyword by hand, or allow it.`;
    throw new GraftError('unavailable', message, { cause: error });
  }
}

async function addMissing(client: Client): Promise<void> {
  const { operatorService } = client.connection;
  const { namespace } = client.options;
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const other = names.find((name) => (customAttributes[name] ?? keyword) !== keyword);
  if (other !== undefined) {
    throw new GraftError(
      'unavailable',
      `Search attribute ${other} is there but is no Keyword: remove it, then set up again.`,
    );
  }
  const missing = names.filter((name) => customAttributes[name] === undefined);
  if (missing.length === 0) return;
  try {
    const added = Object.fromEntries(missing.map((name) => [name, keyword]));
    await operatorService.addSearchAttributes({ namespace, searchAttributes: added });
  } catch (error) {
    if (!hasStatus(error, grpcStatus.alreadyExists)) throw error;
  }
}

async function untilKnown(client: Client): Promise<void> {
  const { namespace } = client.options;
  const query = names.map((name) => `${name} IS NULL`).join(' AND ');
  const end = Date.now() + visibleWithinMs;
  for (;;) {
    try {
      await client.connection.workflowService.countWorkflowExecutions({ namespace, query });
      return;
    } catch (error) {
      if (!hasStatus(error, grpcStatus.invalidArgument)) throw error;
      if (Date.now() > end) {
        const message = `Temporal took the search attributes of ${namespace} but does not know them: look at the server's log.`;
        throw new GraftError('unavailable', message, { cause: error });
      }
    }
    await setTimeout(200);
  }
}

function hasStatus(error: unknown, code: number): boolean {
  return isGrpcServiceError(error) && error.code === code;
}
