import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import type { Logger } from 'pino';
import type { BuildActivities } from '../contract/activities.ts';
import type { PipelineHeartbeat } from '../contract/events.ts';
import type { PipelineProgress } from '../contract/pipeline.ts';
import { describeError } from './describe-error.ts';

const activity: keyof BuildActivities = 'runPipeline';

/**
 * How far a running pipeline is, from the heartbeat of its pending activity; undefined when it has none. It only adorns
 * the stream: when Temporal does not answer within a second the log says so and the stream goes on.
 */
export async function readHeartbeat(
  temporal: Client,
  workflowId: string,
  log: Logger,
): Promise<PipelineHeartbeat | undefined> {
  try {
    const { raw } = await temporal.withDeadline(Date.now() + 1000, () =>
      temporal.workflow.getHandle(workflowId).describe(),
    );
    const pending = raw.pendingActivities?.find(({ activityType }) => activityType?.name === activity);
    const [payload] = pending?.heartbeatDetails?.payloads ?? [];
    if (payload === undefined) return undefined;
    return { step: 'pipeline', progress: await decode(temporal, payload) };
  } catch (error) {
    log.warn({ workflowId, error: describeError(error) }, 'no heartbeat could be read');
    return undefined;
  }
}

/** The build worker's own report, encrypted by the codec that this client shares with it. */
async function decode(temporal: Client, payload: Payload): Promise<PipelineProgress> {
  const { payloadCodecs, payloadConverter } = temporal.options.loadedDataConverter;
  let payloads = [payload];
  for (const codec of payloadCodecs.toReversed()) payloads = await codec.decode(payloads);
  return payloadConverter.fromPayload<PipelineProgress>(payloads[0] ?? payload);
}
