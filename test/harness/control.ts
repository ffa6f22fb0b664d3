import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { freePort } from '../../cli/embedded/ports.ts';
import { startProcess } from '../../cli/embedded/processes.ts';
import { startSimulators } from '../../cli/embedded/simulators.ts';
import { startTemporalServer } from '../../cli/embedded/temporal-server.ts';
import type { Reason } from '../../contract/closed-sets.ts';
import type { PipelineProgress, PipelineReport } from '../../contract/pipeline.ts';
import { taskQueues } from '../../contract/workflows.ts';
import { connectClient } from '../../temporal/connection.ts';
import { registerNamespace } from '../../temporal/namespace.ts';
import { registerSearchAttributes } from '../../temporal/search-attributes.ts';
import { type TestApi, startTestApi } from './api.ts';

const namespace = 'graft';

/** A validation that found nothing wrong. */
export const passedReport: PipelineReport = {
  steps: [{ step: 'types', verdict: 'passed', summary: 'tsc found nothing new', seconds: 1, log: '' }],
  lock: undefined,
  lockRoundTrip: undefined,
  baseBroken: false,
  nativeBuild: undefined,
  seconds: 1,
  sandbox: 'bubblewrap',
};

/** A pipeline that a build worker would run. */
interface PipelineTask {
  beat(progress: PipelineProgress): Promise<void>;
  complete(report: PipelineReport): Promise<void>;
  /** It cannot run, for what people can mend. */
  refuse(reason: Reason, message: string): Promise<void>;
}

/** The api in this process before a real Temporal server, the real control worker, and the simulated providers. */
export interface ControlledApi extends TestApi {
  client: Client;
  /** Takes the next pipeline off the build queue, as a build worker does over the wire. */
  takePipeline(until?: AbortSignal): Promise<PipelineTask>;
  /** Kills the control worker at once, and starts it again over the same data. */
  killControl(): Promise<void>;
}

/** Starts it all over the bare repositories in a folder, with more in the control worker's environment. */
export async function startControlledApi(
  repositories: string,
  more: Readonly<Record<string, string>> = {},
): Promise<ControlledApi> {
  const folder = mkdtempSync(join(tmpdir(), 'graft-control-'));
  const server = await startTemporalServer({
    databaseFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    port: await freePort(),
    uiPort: await freePort(),
    codecEndpoint: 'http://127.0.0.1:1/codec',
    say: () => undefined,
  });
  const simulators = await startSimulators({});
  const api = await startTestApi(server.address, namespace);
  const environment = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: namespace };
  const client = await connectClient({ codecKeyFile: api.keys.codec, environment });
  await registerNamespace(client);
  await registerSearchAttributes(client);
  const settings = {
    PATH: process.env['PATH'] ?? '',
    ...environment,
    DATABASE_URL: api.urls.controlUrl,
    GRAFT_CODEC_KEY_FILE: api.keys.codec,
    GRAFT_ARTIFACTS: api.artifactsFolder,
    GRAFT_LOG_LEVEL: 'info',
    GRAFT_SEALING_PUBLIC_KEY_FILE: api.keys.sealingPublic,
    GRAFT_SEALING_PRIVATE_KEY_FILE: api.keys.sealingPrivate,
    GRAFT_KEY_RING_FILE: api.keys.keyRing,
    GRAFT_REPOSITORIES: repositories,
    GRAFT_VALUES: join(folder, 'values'),
    // Nothing listens there: no test needs a package's versions unless it says so.
    GRAFT_REGISTRY: 'http://127.0.0.1:1/',
    GRAFT_CACHE: join(folder, 'cache'),
    GRAFT_REGISTRY_HOSTS: '',
    GRAFT_SIMULATORS: JSON.stringify(simulators.hosts),
    GRAFT_API_URL: api.url,
    ...more,
  };
  const startWorker = () => startProcess('control', settings, join(folder, 'control.log'));
  let worker = await startWorker();
  return {
    ...api,
    client,
    takePipeline: (until = new AbortController().signal) => takePipeline(client, until),
    async killControl() {
      await worker.kill();
      worker = await startWorker();
    },
    async stop() {
      await worker.stop();
      await api.stop();
      await client.connection.close();
      await server.stop();
      await simulators.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function takePipeline(client: Client, until: AbortSignal): Promise<PipelineTask> {
  const { workflowService } = client.connection;
  const taskQueue = { name: taskQueues.build };
  const { taskToken } = await client.withAbortSignal(until, () =>
    client.withDeadline(Date.now() + 30_000, () =>
      workflowService.pollActivityTaskQueue({ namespace, taskQueue, identity: 'a test' }),
    ),
  );
  const encode = async (value: unknown): Promise<{ payloads: Payload[] }> => {
    const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
    let payloads = [payloadConverter.toPayload(value)];
    for (const codec of payloadCodecs) payloads = await codec.encode(payloads);
    return { payloads };
  };
  return {
    async beat(progress) {
      await workflowService.recordActivityTaskHeartbeat({ namespace, taskToken, details: await encode(progress) });
    },
    async complete(report) {
      await workflowService.respondActivityTaskCompleted({ namespace, taskToken, result: await encode(report) });
    },
    async refuse(type, message) {
      const failure = { message, applicationFailureInfo: { type, nonRetryable: true } };
      await workflowService.respondActivityTaskFailed({ namespace, taskToken, failure });
    },
  };
}
