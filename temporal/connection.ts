import { hostname } from 'node:os';
import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnection } from '@temporalio/worker';
import { GraftError } from '../contract/errors.ts';
import { readCodecKeys } from './codec-keys.ts';
import { createDataConverter } from './data-converter.ts';

const connectTimeoutMs = 5_000;

export interface TemporalOptions {
  codecKeyFile: string;
  /** Where `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE` and the other settings of envconfig stand; the process's by default. */
  environment?: Readonly<Record<string, string | undefined>>;
}

/** What `Worker.create` takes besides workflows, activities and limits. */
export interface WorkerConnection {
  connection: NativeConnection;
  namespace: string;
  dataConverter: DataConverter;
  identity: string;
}

/**
 * A client with our codec, connected within 5 s or `unavailable`. With `lazy` it connects at the first call instead,
 * so that a process can start before Temporal does.
 */
export async function connectClient(options: TemporalOptions & { lazy?: boolean }): Promise<Client> {
  const { connectionOptions, namespace } = readSettings(options);
  const dataConverter = createDataConverter(...(await readCodecKeys(options.codecKeyFile)));
  const { address, apiKey, tls, metadata } = connectionOptions;
  const settings = { address, apiKey, tls, metadata: textOnly(metadata), connectTimeout: connectTimeoutMs };
  const connection = options.lazy
    ? Connection.lazy(settings)
    : await orUnavailable(address, () => Connection.connect(settings));
  return new Client({ connection, namespace, dataConverter, identity: identity() });
}

/** A worker's connection, namespace and codec, or `unavailable` when nobody answers; close the connection at the end. */
export async function connectWorker(options: TemporalOptions): Promise<WorkerConnection> {
  const { connectionOptions, namespace } = readSettings(options);
  const dataConverter = createDataConverter(...(await readCodecKeys(options.codecKeyFile)));
  // Loaded here only: it brings a native module, and the api needs none.
  const worker = await import('@temporalio/worker');
  const connection = await orUnavailable(connectionOptions.address, () =>
    worker.NativeConnection.connect(connectionOptions),
  );
  return { connection, namespace, dataConverter, identity: identity() };
}

// A configuration file counts only when it is named: nobody's own default profile shall get our traffic.
function readSettings({ environment = process.env }: TemporalOptions): ClientConnectConfig & { namespace: string } {
  const settings = loadClientConnectConfig({
    overrideEnvVars: textOnly(environment),
    disableFile: environment.TEMPORAL_CONFIG_FILE === undefined && environment.TEMPORAL_PROFILE === undefined,
  });
  return { ...settings, namespace: settings.namespace ?? 'default' };
}

async function orUnavailable<Result>(address: string | undefined, connect: () => Promise<Result>): Promise<Result> {
  try {
    return await connect();
  } catch (error) {
    const where = address ?? 'localhost:7233';
    throw new GraftError('unavailable', `Temporal does not answer at ${where}: start it, or set TEMPORAL_ADDRESS.`, {
      cause: error,
      retryAfterSeconds: 5,
    });
  }
}

function identity(): string {
  return `${process.pid}@${hostname()}`;
}

function textOnly(record: Readonly<Record<string, unknown>> | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
