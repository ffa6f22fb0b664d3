import { setTimeout } from 'node:timers/promises';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import proto from '@temporalio/proto';
import { GraftError } from '../contract/errors.ts';

/** How long finished workflows stay readable. */
const retentionSeconds = 30 * 24 * 60 * 60;
const retention = proto.google.protobuf.Duration.fromObject({ seconds: retentionSeconds });
/** gRPC's numbers: https://grpc.io/docs/guides/status-codes/ */
const grpcStatus = { notFound: 5, alreadyExists: 6 } as const;
/** Servers read their namespaces from a cache that is up to 10 s old. */
const visibleWithinMs = 30_000;

/**
 * Makes the client's namespace with a retention of 30 days, or sets the retention of the one that is there; returns
 * when workflows can be started in it. Running it again changes nothing. Throws `unavailable`.
 */
export async function registerNamespace(client: Client): Promise<void> {
  const { namespace } = client.options;
  try {
    const found = await readRetention(client);
    if (found === undefined) await register(client);
    else if (found !== retentionSeconds) await setRetention(client);
    await untilServed(client);
    if ((await readRetention(client)) === retentionSeconds) return;
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    const message = `Temporal refused to register namespace ${namespace} (${error.message}): make it by hand with a retention of 30 days, or allow it.`;
    throw new GraftError('unavailable', message, { cause: error });
  }
  throw new GraftError('unavailable', `Namespace ${namespace} keeps another retention: set it to 30 days by hand.`);
}

/** Seconds, or undefined when there is no such namespace. */
async function readRetention(client: Client): Promise<number | undefined> {
  try {
    const { config } = await client.connection.workflowService.describeNamespace({
      namespace: client.options.namespace,
    });
    return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
  } catch (error) {
    if (hasStatus(error, grpcStatus.notFound)) return undefined;
    throw error;
  }
}

async function register(client: Client): Promise<void> {
  try {
    await client.connection.workflowService.registerNamespace({
      namespace: client.options.namespace,
      workflowExecutionRetentionPeriod: retention,
    });
  } catch (error) {
    if (!hasStatus(error, grpcStatus.alreadyExists)) throw error;
  }
}

async function setRetention(client: Client): Promise<void> {
  await client.connection.workflowService.updateNamespace({
    namespace: client.options.namespace,
    config: { workflowExecutionRetentionTtl: retention },
  });
}

async function untilServed(client: Client): Promise<void> {
  const { namespace } = client.options;
  const end = Date.now() + visibleWithinMs;
  for (;;) {
    try {
      await client.connection.workflowService.countWorkflowExecutions({ namespace, query: '' });
      return;
    } catch (error) {
      if (!hasStatus(error, grpcStatus.notFound)) throw error;
      if (Date.now() > end) {
        const message = `Temporal made namespace ${namespace} but does not serve it: look at the server's log.`;
        throw new GraftError('unavailable', message, { cause: error });
      }
    }
    await setTimeout(200);
  }
}

function hasStatus(error: unknown, code: number): boolean {
  return isGrpcServiceError(error) && error.code === code;
}
