import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { createFolderStore } from '../artifacts/folder.ts';
import { connectors } from '../connectors/index.ts';
import { taskQueues } from '../contract/workflows.ts';
import { connectWorker } from '../temporal/connection.ts';
import { ActivityFailureInterceptor } from '../temporal/failures.ts';
import { BuildEnvironment } from './build-env.ts';
import { createBuildActivities } from './create-build-activities.ts';
import { sweepWorkspaces } from './sweep-workspaces.ts';
import { installRuntime, readEnvironment, startLog, tellReady } from './worker-process.ts';

const log = startLog('build-worker');
const environment = readEnvironment(BuildEnvironment, log);
installRuntime(log, environment.GRAFT_LOG_LEVEL);

const simulators = new Map(
  [...connectors.keys()].map((id) => [id, fileURLToPath(new URL(`../connectors/${id}/simulator.ts`, import.meta.url))]),
);
const worker = await Worker.create({
  ...(await connectWorker({ codecKeyFile: environment.GRAFT_CODEC_KEY_FILE })),
  taskQueue: taskQueues.build,
  activities: createBuildActivities({
    artifacts: createFolderStore(environment.GRAFT_ARTIFACTS),
    workspaces: environment.GRAFT_WORKSPACES,
    registry: environment.GRAFT_REGISTRY,
    registryHosts: environment.GRAFT_REGISTRY_HOSTS,
    sandbox: environment.GRAFT_SANDBOX,
    simulators,
  }),
  interceptors: { activity: [(context) => ({ inbound: new ActivityFailureInterceptor(context) })] },
  // Builds saturate a core each, and share nothing across projects.
  maxConcurrentActivityTaskExecutions: 1,
  shutdownGraceTime: '5 seconds',
});
const stopSweeping = new AbortController();
const sweeping = sweepWorkspaces(environment.GRAFT_WORKSPACES, log, stopSweeping.signal);
tellReady();
try {
  await worker.run();
} finally {
  stopSweeping.abort();
  await sweeping;
}
