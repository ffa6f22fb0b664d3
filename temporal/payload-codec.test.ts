import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Payload } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCodecKeys } from './codec-keys.ts';
import { decodePayloads } from './decode.ts';
import { createPayloadCodec } from './payload-codec.ts';

const canary = ['canary', 'value', 'ä€😀'].join('-');
const payload: Payload = defaultPayloadConverter.toPayload({ canary });
const key = randomBytes(32);
const codec = createPayloadCodec(key);

function plain(given: Payload | undefined): unknown {
  return defaultPayloadConverter.fromPayload(given as Payload);
}

async function encodeOne(): Promise<{ metadata: Record<string, Uint8Array>; data: Uint8Array }> {
  const [encoded] = await codec.encode([payload]);
  return { metadata: encoded?.metadata as Record<string, Uint8Array>, data: encoded?.data as Uint8Array };
}

describe('createPayloadCodec', () => {
  it('gives back what it encrypted, metadata included, and shows none of it', async () => {
    const { metadata, data } = await encodeOne();
    expect(Buffer.from(data).includes(canary)).toBe(false);
    expect(Object.keys(metadata).toSorted()).toEqual(['encoding', 'encryption-format', 'encryption-key-id']);
    expect(Buffer.from(metadata.encoding as Uint8Array).toString()).toBe('binary/encrypted');
    const [decoded] = await codec.decode([{ metadata, data }]);
    expect(plain(decoded)).toEqual({ canary });
    expect(await codec.decode(await codec.encode([]))).toEqual([]);
  });

  it('keeps the order of several and encrypts equal ones differently', async () => {
    const payloads = [1, 2, 3, 3].map((value) => defaultPayloadConverter.toPayload(value));
    const encoded = await codec.encode(payloads);
    expect(encoded[2]?.data).not.toEqual(encoded[3]?.data);
    expect((await codec.decode(encoded)).map(plain)).toEqual([1, 2, 3, 3]);
  });

  it('passes through what it did not encrypt', async () => {
    expect(await codec.decode([payload, {}])).toEqual([payload, {}]);
  });

  it('decrypts with every key it holds and encrypts with the first', async () => {
    const newer = createPayloadCodec(randomBytes(32), key);
    const [decoded] = await newer.decode(await codec.encode([payload]));
    expect(plain(decoded)).toEqual({ canary });
    await expect(codec.decode(await newer.encode([payload]))).rejects.toMatchObject({ code: 'cannot_open' });
  });

  it('refuses another format, a key it does not hold, and each flipped byte of nonce, ciphertext and tag', async () => {
    const { metadata, data } = await encodeOne();
    const refused = { code: 'cannot_open' };
    const format = { ...metadata, 'encryption-format': Buffer.from('2') };
    await expect(codec.decode([{ metadata: format, data }])).rejects.toMatchObject(refused);
    const keyId = { ...metadata, 'encryption-key-id': Buffer.from('other') };
    await expect(codec.decode([{ metadata: keyId, data }])).rejects.toMatchObject(refused);
    for (const place of [0, 12, data.length - 16, data.length - 1]) {
      const flipped = Uint8Array.from(data);
      flipped[place] = (flipped[place] as number) ^ 1;
      await expect(codec.decode([{ metadata, data: flipped }])).rejects.toMatchObject(refused);
    }
    for (const length of [0, 12, 20, 28, data.length - 1]) {
      await expect(codec.decode([{ metadata, data: data.subarray(0, length) }])).rejects.toMatchObject(refused);
    }
  });
});

describe('decodePayloads', () => {
  function toJson(given: Payload): { metadata: Record<string, string>; data: string } {
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
    const metadata = Object.entries(given.metadata ?? {}).map(([name, bytes]) => [name, base64(bytes)]);
    return { metadata: Object.fromEntries(metadata), data: base64(given.data ?? new Uint8Array()) };
  }

  it('answers proto JSON with proto JSON, decrypted', async () => {
    const decoded = await decodePayloads(codec, { payloads: [toJson(await encodeOne()), toJson(payload), {}] });
    expect(decoded).toEqual({ payloads: [toJson(payload), toJson(payload), { metadata: {}, data: '' }] });
  });

  it.each([
    undefined,
    {},
    { payloads: {} },
    { payloads: [{ data: '%' }] },
    { payloads: [{ metadata: { encoding: 1 } }] },
  ])('refuses the body %j', async (body) => {
    await expect(decodePayloads(codec, body)).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('readCodecKeys', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graft-codec-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('reads one key per line, the newest first', async () => {
    const file = join(folder, 'codec.key');
    const [one, two] = [randomBytes(32), randomBytes(32)];
    await writeFile(file, `${one.toString('base64')}\n\n${two.toString('base64')}\n`, { mode: 0o600 });
    expect(await readCodecKeys(file)).toEqual([one, two]);
    await chmod(file, 0o644);
    await expect(readCodecKeys(file)).rejects.toMatchObject({ code: 'bad_key_file' });
  });

  it.each(['', '\n', 'quoted-words', randomBytes(16).toString('base64')])(
    'refuses %j without quoting it',
    async (text) => {
      const file = join(folder, 'bad.key');
      await writeFile(file, text, { mode: 0o600 });
      const error: unknown = await readCodecKeys(file).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'bad_key_file' });
      if (text.trim() !== '') expect((error as Error).stack).not.toContain(text);
    },
  );

  it('refuses a file that is not there', async () => {
    await expect(readCodecKeys(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'bad_key_file' });
  });
});
