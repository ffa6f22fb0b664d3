import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import pino from 'pino';
import { createFolderStore } from '../artifacts/folder.ts';
import { GraftError } from '../contract/errors.ts';
import { closeDatabase, connectDatabase } from '../db/connect.ts';
import { checkSchemaVersion } from '../db/migrate.ts';
import { readCodecKeys } from '../temporal/codec-keys.ts';
import { connectClient } from '../temporal/connection.ts';
import { createPayloadCodec } from '../temporal/payload-codec.ts';
import { readSealingPublicKey } from '../vault/seal.ts';
import { createApp } from './app.ts';
import { createCodecApp } from './codec-app.ts';
import { describeError } from './describe-error.ts';
import { ApiEnvironment } from './env.ts';
import { createEventBell } from './event-bell.ts';

/** After a signal, open requests get this long. */
const graceMilliseconds = 5000;

const log = pino({ name: 'api' }, pino.destination(2));

async function start(env: ApiEnvironment): Promise<void> {
  log.level = env.GRAFT_LOG_LEVEL;
  const database = connectDatabase(env.DATABASE_URL);
  await checkSchemaVersion(database);
  const temporal = await connectClient({ codecKeyFile: env.GRAFT_CODEC_KEY_FILE, lazy: true });
  const bell = await createEventBell(database);
  const closing = new AbortController();
  const app = createApp({
    database,
    temporal,
    artifacts: createFolderStore(env.GRAFT_ARTIFACTS),
    sealingKey: await readSealingPublicKey(env.GRAFT_SEALING_PUBLIC_KEY_FILE),
    hashKey: await readHashKey(env.GRAFT_HASH_KEY_FILE),
    webhookSecrets: env.GITHUB_WEBHOOK_SECRET,
    bell,
    log,
    closing: closing.signal,
  });
  const codecApp = createCodecApp({
    codec: createPayloadCodec(...(await readCodecKeys(env.GRAFT_CODEC_KEY_FILE))),
    origin: env.GRAFT_CODEC_ORIGIN,
    log,
    ...(env.GRAFT_CODEC_TOKEN === undefined ? {} : { token: env.GRAFT_CODEC_TOKEN }),
  });
  const servers = [createServer(app), createServer(codecApp)] as const;
  const port = await listen(servers[0], env.GRAFT_API_HOST, env.GRAFT_API_PORT);
  const codecPort = await listen(servers[1], '127.0.0.1', env.GRAFT_CODEC_PORT);

  const stop = async (): Promise<void> => {
    closing.abort();
    await Promise.all(servers.map(close));
    await bell.close();
    await closeDatabase(database);
    // Its client still retries calls that Temporal never answered, and throws when its channel is closed under them.
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop().catch(fail));
  process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid, port, codecPort })}\n`);
}

async function readHashKey(file: string): Promise<Uint8Array> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new GraftError('bad_key_file', `Cannot read ${file}: run npm run setup.`, { cause });
  });
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== 32)
    throw new GraftError('bad_key_file', `${file} does not hold a key of 32 bytes in base64: run npm run setup.`);
  return key;
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(timer);
}

function fail(error: unknown): never {
  log.fatal({ error: describeError(error) }, 'the api cannot go on');
  process.exit(1);
}

const parsed = ApiEnvironment.safeParse(process.env);
if (parsed.success) await start(parsed.data).catch(fail);
else {
  for (const issue of parsed.error.issues) log.fatal(`${issue.path.join('.')}: ${issue.message} (see .env.example)`);
  process.exitCode = 1;
}
