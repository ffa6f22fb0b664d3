import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import pino from 'pino';
import { createApp } from '../../api/app.ts';
import { createEventBell } from '../../api/event-bell.ts';
import { createFolderStore } from '../../artifacts/folder.ts';
import type { ArtifactStore } from '../../artifacts/store.ts';
import { newId } from '../../contract/ids.ts';
import { type Database, closeDatabase, connectDatabase } from '../../db/connect.ts';
import { insertQueued } from '../../db/queries/installations.ts';
import { finishInstallation } from '../../db/queries/progress.ts';
import { insertProject } from '../../db/queries/projects.ts';
import { createToken } from '../../db/queries/tokens.ts';
import type { Scope } from '../../db/schema/tokens.ts';
import { connectClient } from '../../temporal/connection.ts';
import { type KeyFiles, createKeyFiles } from '../../vault/keys.ts';
import { readSealingPublicKey } from '../../vault/seal.ts';
import { type TestDatabase, createTestDatabase } from './database.ts';
import { webhookSecret } from './webhooks.ts';

interface Answer {
  status: number;
  headers: Headers;
  /** The parsed JSON, empty for anything else. */
  body: Record<string, unknown>;
  text: string;
}

type QueuedStatus = 'queued' | 'active' | 'disconnected' | 'removed';
type QueuedInstallation = Omit<Parameters<typeof insertQueued>[1], 'requestedPlanHash'>;

export interface Call {
  token?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The api over HTTP on a free port, with a database of its own. */
export interface TestApi {
  url: string;
  urls: TestDatabase;
  owner: Database;
  control: Database;
  artifacts: ArtifactStore;
  artifactsFolder: string;
  keys: KeyFiles;
  hashKey: Uint8Array;
  /** Everything that the api logged. */
  logged(): string;
  token(scopes: Scope[], project?: string): Promise<string>;
  /** Calls a route below `/api/v1`, as an admin unless another token, or null for none, is given. */
  call(method: string, path: string, given?: Call): Promise<Answer>;
  /** Reads an installation's progress to the end of the stream, or until `enough` says so. */
  stream(path: string, enough?: (seen: string) => boolean, lastEventId?: string): Promise<string>;
  /** A registered project with this repository's name. */
  newProject(repository: string): Promise<string>;
  /** An installation of Stripe in development, queued or already at another status. */
  queue(project: string, status?: QueuedStatus, alias?: string): Promise<QueuedInstallation>;
  /** How many rows a table has, with any `where` behind its name. */
  count(table: string): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the api in this process against a Temporal that listens, or does not, at that address. */
export async function startTestApi(
  temporalAddress: string,
  temporalNamespace = 'default',
  webhookSecrets: readonly string[] = [webhookSecret],
): Promise<TestApi> {
  const folder = await mkdtemp(join(tmpdir(), 'graft-api-'));
  const keys = await createKeyFiles(join(folder, 'keys'));
  const urls = await createTestDatabase();
  const [owner, database, control] = [urls.url, urls.apiUrl, urls.controlUrl].map((url) => connectDatabase(url)) as [
    Database,
    Database,
    Database,
  ];
  const environment = { TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: temporalNamespace };
  const temporal = await connectClient({ codecKeyFile: keys.codec, environment, lazy: true });
  const artifactsFolder = join(folder, 'artifacts');
  const artifacts = createFolderStore(artifactsFolder);
  const lines: string[] = [];
  const hashKey = randomBytes(32);
  const bell = await createEventBell(database);
  const closing = new AbortController();
  const app = createApp({
    database,
    temporal,
    artifacts,
    sealingKey: await readSealingPublicKey(keys.sealingPublic),
    hashKey,
    webhookSecrets,
    bell,
    log: pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) }),
    closing: closing.signal,
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const token = async (scopes: Scope[], project?: string): Promise<string> =>
    (await createToken(owner, { name: 'test', scopes, project: project ?? null })).token;
  const admin = await token(['admin']);

  return {
    url,
    urls,
    owner,
    control,
    artifacts,
    artifactsFolder,
    keys,
    hashKey,
    logged: () => lines.join(''),
    token,
    async call(method, path, { token: shown = admin, body, headers = {} } = {}) {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          ...(shown === null ? {} : { Authorization: `Bearer ${shown}` }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
      return {
        status: response.status,
        headers: response.headers,
        body: (isJson ? JSON.parse(text) : {}) as Record<string, unknown>,
        text,
      };
    },
    async stream(path, enough = () => false, lastEventId) {
      const response = await fetch(`${url}/api/v1${path}/events`, {
        headers: {
          Authorization: `Bearer ${admin}`,
          ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
        },
      });
      let seen = response.headers.get('Content-Type')?.startsWith('text/event-stream') === true ? '' : 'no stream: ';
      const decoder = new TextDecoder();
      for await (const part of response.body ?? []) {
        seen += decoder.decode(part as Uint8Array, { stream: true });
        if (enough(seen)) break;
      }
      return seen;
    },
    async newProject(repository) {
      const id = newId('project');
      const at = { codeHost: 'local', appDir: '', trusted: false, driftReport: 'none', createdAt: new Date() } as const;
      await insertProject(owner, { id, name: repository, repository, ...at });
      return id;
    },
    async queue(project, status = 'queued', alias = '') {
      const id = newId('installation');
      const queued = { id, project, connector: 'stripe', environment: 'development', alias, options: {} } as const;
      await insertQueued(owner, { ...queued, requestedPlanHash: null });
      if (status !== 'queued') {
        const end = { status, step: 'activate', event: 'done', data: {}, workflowId: id } as const;
        await finishInstallation(control, { installation: id, ...end });
      }
      return queued;
    },
    async count(table) {
      const [row] = await owner.execute<{ n: string }>(sql.raw(`select count(*)::text as n from ${table}`));
      return Number(row?.n);
    },
    async stop() {
      closing.abort();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await bell.close();
      await Promise.all([owner, database, control].map(closeDatabase));
      // The client stays open: what Temporal never answered is still retried, and a closed channel throws.
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A Stripe key that no scanner takes for a real one. */
export function fakeKey(kind: 'sk' | 'pk', mode: 'test' | 'live'): string {
  return [kind, mode, 'x'.repeat(24)].join('_');
}
