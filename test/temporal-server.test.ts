import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { TypedSearchAttributes, defineSearchAttributeKey } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../cli/embedded/ports.ts';
import { type TemporalServer, startTemporalServer } from '../cli/embedded/temporal-server.ts';
import { searchAttributes, taskQueues } from '../contract/workflows.ts';
import { readCodecKeys } from '../temporal/codec-keys.ts';
import { connectClient } from '../temporal/connection.ts';
import { decodePayloads } from '../temporal/decode.ts';
import { registerNamespace } from '../temporal/namespace.ts';
import { createPayloadCodec } from '../temporal/payload-codec.ts';
import { registerSearchAttributes } from '../temporal/search-attributes.ts';
import { createKeyFiles } from '../vault/keys.ts';

const canary = ['canary', 'value', Math.random().toString(36).slice(2)].join('-');
const thirtyDays = 30 * 24 * 60 * 60;

let folder: string;
let codecKeyFile: string;
let server: TemporalServer;
const clients: Client[] = [];
// Long, because the Temporal CLI may have to be built first.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graft-temporal-'));
  codecKeyFile = (await createKeyFiles(join(folder, 'keys'))).codec;
  server = await startTemporalServer({
    databaseFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    port: await freePort(),
    uiPort: await freePort(),
    codecEndpoint: 'http://127.0.0.1/codec',
    say: (line) => process.stderr.write(`${line}\n`),
  });
}, 600_000);
afterAll(async () => {
  for (const client of clients) await client.connection.close();
  await server.stop();
  await rm(folder, { recursive: true });
});

async function clientIn(namespace: string): Promise<Client> {
  const environment = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: namespace };
  const client = await connectClient({ codecKeyFile, environment });
  clients.push(client);
  return client;
}

async function retentionOf(client: Client): Promise<number> {
  const { namespace } = client.options;
  const { config } = await client.connection.workflowService.describeNamespace({ namespace });
  return Number(config?.workflowExecutionRetentionTtl?.seconds);
}

/** Every payload below a value of the wire format, as proto JSON. */
function payloadsIn(value: unknown): { metadata: Record<string, string>; data: string }[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  const { metadata, data } = value as { metadata?: Record<string, Uint8Array>; data?: Uint8Array };
  if (metadata?.encoding === undefined || !data) return Object.values(value).flatMap(payloadsIn);
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const texts = Object.entries(metadata).map(([name, bytes]) => [name, base64(bytes)]);
  return [{ metadata: Object.fromEntries(texts), data: base64(data) }];
}

describe('a Temporal server', () => {
  it.each(['default', 'graft'])('serves namespace %s with 30 days and our search attributes at once', async (name) => {
    const client = await clientIn(name);
    for (const _run of ['first', 'again']) {
      await registerNamespace(client);
      expect(await retentionOf(client)).toBe(thirtyDays);
      await registerSearchAttributes(client);
    }
    const handle = await client.workflow.start('nobodyRunsIt', {
      workflowId: `ins_${name}`,
      taskQueue: taskQueues.control,
      typedSearchAttributes: new TypedSearchAttributes(
        Object.values(searchAttributes).map((key) => ({ key: defineSearchAttributeKey(key, 'KEYWORD'), value: name })),
      ),
    });
    const { searchAttributes: told } = await handle.describe();
    expect(told).toEqual(Object.fromEntries(Object.values(searchAttributes).map((key) => [key, [name]])));
  });

  it('keeps nothing readable of what a client sends, and decodes it for who has the key', async () => {
    const client = await clientIn('default');
    await registerNamespace(client);
    const workflowId = 'ins_canary';
    const handle = await client.workflow.start('nobodyRunsIt', {
      workflowId,
      taskQueue: taskQueues.control,
      args: [{ canary }],
      memo: { canary },
      staticSummary: canary,
      staticDetails: canary,
    });
    await handle.signal('repositoryChanged', canary);
    const { history } = await client.connection.workflowService.getWorkflowExecutionHistory({
      namespace: 'default',
      execution: { workflowId },
    });
    const encoded = payloadsIn(history);
    expect(encoded).toHaveLength(5);
    const codec = createPayloadCodec(...(await readCodecKeys(codecKeyFile)));
    const { payloads } = await decodePayloads(codec, { payloads: encoded });
    for (const { data } of payloads) expect(Buffer.from(data ?? '', 'base64').toString()).toContain(canary);

    await server.stop();
    const files = (await readdir(folder)).filter((file) => file.startsWith('temporal.'));
    expect(files).toContain('temporal.db');
    const kept = Buffer.concat(await Promise.all(files.map((file) => readFile(join(folder, file)))));
    expect(kept.includes(workflowId)).toBe(true);
    for (const form of [canary, Buffer.from(canary).toString('base64').slice(4, -4)]) {
      expect(kept.includes(form)).toBe(false);
    }
  });
});
