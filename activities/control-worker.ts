import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { createFolderStore } from '../artifacts/folder.ts';
import type { AuditEntry } from '../contract/audit.ts';
import { taskQueues } from '../contract/workflows.ts';
import { type Executor, closeDatabase, connectDatabase } from '../db/connect.ts';
import { checkSchemaVersion } from '../db/migrate.ts';
import { appendAudit } from '../db/queries/audit.ts';
import { connectClient, connectWorker } from '../temporal/connection.ts';
import { ActivityFailureInterceptor } from '../temporal/failures.ts';
import { SignsOfLife } from '../temporal/signs-of-life.ts';
import { bundleWorkflows } from '../temporal/workflow-bundle.ts';
import { nextAuditHash } from '../vault/audit.ts';
import { readKeyRing } from '../vault/key-ring.ts';
import { readSealingKeys } from '../vault/open.ts';
import { createVault } from '../vault/vault.ts';
import { ControlEnvironment } from './control-env.ts';
import { connectCodeHosts } from './code-hosts.ts';
import { createControlActivities } from './create-control-activities.ts';
import { databaseOutage } from './database-outage.ts';
import { dispatchDeliveries } from './dispatch-deliveries.ts';
import { installRuntime, readEnvironment, startLog, tellReady } from './worker-process.ts';
import { watchRepositories } from './watch-repositories.ts';

const log = startLog('control-worker');
const environment = readEnvironment(ControlEnvironment, log);
installRuntime(log, environment.GRAFT_LOG_LEVEL);

const database = connectDatabase(environment.DATABASE_URL);
await checkSchemaVersion(database);
const audit = (entry: AuditEntry, executor: Executor = database) => appendAudit(executor, entry, nextAuditHash);
const ring = await readKeyRing(environment.GRAFT_KEY_RING_FILE);
const sealing = await readSealingKeys({
  publicKey: environment.GRAFT_SEALING_PUBLIC_KEY_FILE,
  privateKey: environment.GRAFT_SEALING_PRIVATE_KEY_FILE,
});

const codec = { codecKeyFile: environment.GRAFT_CODEC_KEY_FILE };
const temporal = await connectClient(codec);
const hosts = await connectCodeHosts(environment, sealing);
const worker = await Worker.create({
  ...(await connectWorker(codec)),
  taskQueue: taskQueues.control,
  workflowBundle: await bundleWorkflows(fileURLToPath(new URL('../workflows/index.ts', import.meta.url))),
  activities: createControlActivities({
    database,
    temporal,
    artifacts: createFolderStore(environment.GRAFT_ARTIFACTS),
    vault: createVault({ sealing, ring, record: (entry) => audit(entry) }),
    audit,
    ring,
    ...hosts,
    registry: environment.GRAFT_REGISTRY,
    cache: environment.GRAFT_CACHE,
    registryHosts: environment.GRAFT_REGISTRY_HOSTS,
    simulators: new Map(Object.entries(environment.GRAFT_SIMULATORS)),
  }),
  interceptors: {
    activity: [
      (context) => ({ inbound: new ActivityFailureInterceptor(context, databaseOutage) }),
      (context) => ({ inbound: new SignsOfLife(context) }),
    ],
  },
  maxCachedWorkflows: 200,
  shutdownGraceTime: '10 seconds',
});

const stopWatching = new AbortController();
const watched = { database, client: temporal, log, signal: stopWatching.signal };
const { GITHUB_POLL_SECONDS: pollSeconds } = environment;
const watching = Promise.all([
  watchRepositories({ ...watched, codeHost: 'local', host: hosts.codeHosts.local, everySeconds: 1 }),
  dispatchDeliveries(watched),
  // Where no webhooks can come in.
  ...(pollSeconds === 0
    ? []
    : [watchRepositories({ ...watched, codeHost: 'github', host: hosts.codeHosts.github, everySeconds: pollSeconds })]),
]);
tellReady();
try {
  await worker.run();
} finally {
  stopWatching.abort();
  await watching;
  await temporal.connection.close();
  await closeDatabase(database);
}
