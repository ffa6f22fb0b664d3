import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectClient, connectWorker } from './connection.ts';

let folder: string;
let codecKeyFile: string;
let configFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graft-connection-'));
  codecKeyFile = join(folder, 'codec.key');
  await writeFile(codecKeyFile, Buffer.alloc(32, 1).toString('base64'), { mode: 0o600 });
  configFile = join(folder, 'temporal.toml');
  await writeFile(configFile, '[profile.default]\naddress = "file.example:7233"\nnamespace = "from-file"\n');
});
afterAll(() => rm(folder, { recursive: true }));

async function settingsWith(environment: Record<string, string>): Promise<{ address: string; namespace: string }> {
  const client = await connectClient({ codecKeyFile, environment, lazy: true });
  const { connection } = client;
  if (!(connection instanceof Connection)) throw new Error('another kind of connection');
  await connection.close();
  return { address: connection.options.address, namespace: client.options.namespace };
}

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('connectClient', () => {
  it('takes address and namespace from the environment, before a file that the environment names', async () => {
    const TEMPORAL_ADDRESS = '127.0.0.1:1234';
    expect(await settingsWith({ TEMPORAL_ADDRESS })).toEqual({ address: TEMPORAL_ADDRESS, namespace: 'default' });
    const named = { TEMPORAL_CONFIG_FILE: configFile };
    expect(await settingsWith(named)).toEqual({ address: 'file.example:7233', namespace: 'from-file' });
    const both = { ...named, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE: 'graft' };
    expect(await settingsWith(both)).toEqual({ address: TEMPORAL_ADDRESS, namespace: 'graft' });
  });

  it('encrypts with the key of the file', async () => {
    const client = await connectClient({ codecKeyFile, environment: {}, lazy: true });
    const { payloadCodecs, failureConverterPath } = client.options.dataConverter;
    await client.connection.close();
    expect(payloadCodecs).toHaveLength(1);
    expect(failureConverterPath).toMatch(/failure-converter\.ts$/);
  });

  it('does not go on without a codec key', async () => {
    const nowhere = { codecKeyFile: join(folder, 'nowhere'), environment: {} };
    await expect(connectClient({ ...nowhere, lazy: true })).rejects.toMatchObject({ code: 'bad_key_file' });
    await expect(connectWorker(nowhere)).rejects.toMatchObject({ code: 'bad_key_file' });
  });

  it('says where nobody answers', async () => {
    const TEMPORAL_ADDRESS = `127.0.0.1:${await closedPort()}`;
    await expect(connectClient({ codecKeyFile, environment: { TEMPORAL_ADDRESS } })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(TEMPORAL_ADDRESS) as string,
    });
  });
});
