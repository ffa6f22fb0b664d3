import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GraftError } from '../contract/errors.ts';
import type { EncryptedVersion } from '../contract/vault.ts';
import { decryptVersion, encryptVersion } from './envelope.ts';
import { type KeyRing, readKeyRing } from './key-ring.ts';

const at = { project: 'prj_1', installation: 'ins_1', version: 'ver_1' };
const values = { secretKey: ['obviously', 'fake', 'ä€😀'].join('-'), publishableKey: 'public words', empty: '' };
const one = randomBytes(32);
const ring: KeyRing = { current: 'key-1', keys: new Map([['key-1', one]]) };

async function refusalOf(opening: Promise<unknown>): Promise<string> {
  try {
    await opening;
  } catch (error) {
    if (!(error instanceof GraftError)) throw error;
    expect(error.code).toBe('cannot_open');
    const text = `${error.stack} ${String(error.cause)} ${JSON.stringify(error.details)}`;
    for (const value of Object.values(values)) if (value !== '') expect(text).not.toContain(value);
    return error.message;
  }
  throw new Error('It opened.');
}

function flip(base64: string, place: number): string {
  const bytes = Buffer.from(base64, 'base64');
  const index = place < 0 ? bytes.length + place : place;
  bytes[index] = (bytes[index] as number) ^ 1;
  return bytes.toString('base64');
}

describe('encryptVersion and decryptVersion', () => {
  it('gives back the values, also after the way through JSON and with fields in another order', async () => {
    const encrypted = await encryptVersion(ring, at, values);
    const stored = JSON.parse(JSON.stringify(encrypted)) as EncryptedVersion;
    const reordered = { ...stored, fields: Object.fromEntries(Object.entries(stored.fields).toReversed()) };
    expect(await decryptVersion(ring, at, stored)).toEqual(values);
    expect(await decryptVersion(ring, at, reordered)).toEqual(values);
    expect(JSON.stringify(encrypted)).not.toContain(values.publishableKey);
  });

  it('uses a fresh data key and fresh nonces each time', async () => {
    const [first, second] = [await encryptVersion(ring, at, values), await encryptVersion(ring, at, values)];
    expect(first.commitment.wrapping).toBe(second.commitment.wrapping);
    expect(first.commitment.data).not.toBe(second.commitment.data);
    expect(first.fields.secretKey).not.toBe(second.fields.secretKey);
  });

  it('hides the length of a value up to 64 bytes', async () => {
    const { fields } = await encryptVersion(ring, at, { short: 'a', long: 'a'.repeat(60), longer: 'a'.repeat(64) });
    expect(fields.short?.length).toBe(fields.long?.length);
    expect(fields.longer?.length).toBeGreaterThan(fields.long?.length ?? Infinity);
  });

  it.each(['project', 'installation', 'version'])('does not open in the place of another %s', async (part) => {
    const encrypted = await encryptVersion(ring, at, values);
    await refusalOf(decryptVersion(ring, { ...at, [part]: 'other' }, encrypted));
  });

  it('does not take ids that run into each other for one another', async () => {
    const encrypted = await encryptVersion(ring, { ...at, project: 'a","b', installation: 'c' }, values);
    await refusalOf(decryptVersion(ring, { ...at, project: 'a', installation: 'b","c' }, encrypted));
  });

  it('refuses fields that were swapped, renamed, left out, added or taken from another version', async () => {
    const encrypted = await encryptVersion(ring, at, values);
    const { secretKey, publishableKey, empty } = encrypted.fields as Record<keyof typeof values, string>;
    const other = await encryptVersion(ring, { ...at, version: 'ver_2' }, values);
    const changes: Record<string, string>[] = [
      { secretKey: publishableKey, publishableKey: secretKey, empty },
      { secretKey, publicKey: publishableKey, empty },
      { secretKey, publishableKey },
      { secretKey, publishableKey, empty, more: secretKey },
      { secretKey: other.fields.secretKey as string, publishableKey, empty },
    ];
    for (const fields of changes) await refusalOf(decryptVersion(ring, at, { ...encrypted, fields }));
    await refusalOf(decryptVersion(ring, at, { ...encrypted, wrappedKey: other.wrappedKey }));
    await refusalOf(
      decryptVersion(ring, at, { ...encrypted, wrappedKey: other.wrappedKey, commitment: other.commitment }),
    );
  });

  it('refuses each flipped byte: nonce, ciphertext and tag of the wrapped key and of a field, both commitments', async () => {
    const encrypted = await encryptVersion(ring, at, values);
    for (const place of [0, 23, 24, 40, -16, -1]) {
      await refusalOf(decryptVersion(ring, at, { ...encrypted, wrappedKey: flip(encrypted.wrappedKey, place) }));
      const fields = { ...encrypted.fields, secretKey: flip(encrypted.fields.secretKey as string, place) };
      expect(await refusalOf(decryptVersion(ring, at, { ...encrypted, fields }))).toContain('secretKey');
    }
    const { wrapping, data } = encrypted.commitment;
    for (const commitment of [
      { wrapping: flip(wrapping, 0), data },
      { wrapping, data: flip(data, 31) },
    ]) {
      expect(await refusalOf(decryptVersion(ring, at, { ...encrypted, commitment }))).toContain('not encrypted with');
    }
    await refusalOf(decryptVersion(ring, at, { ...encrypted, wrappedKey: 'no base64!' }));
    await refusalOf(decryptVersion(ring, at, { ...encrypted, wrappedKey: '' }));
  });

  it('says which format or key it does not know', async () => {
    const encrypted = await encryptVersion(ring, at, values);
    const newer = { ...encrypted, format: 2 } as unknown as EncryptedVersion;
    expect(await refusalOf(decryptVersion(ring, at, newer))).toContain('unknown format');
    expect(await refusalOf(decryptVersion(ring, at, { ...encrypted, keyId: 'key-9' }))).toContain('key-9');
  });

  it('opens old versions with a rotated ring, writes new ones under its current key, and tells a wrong key', async () => {
    const encrypted = await encryptVersion(ring, at, values);
    const rotated: KeyRing = { current: 'key-2', keys: new Map([...ring.keys, ['key-2', randomBytes(32)]]) };
    expect(await decryptVersion(rotated, at, encrypted)).toEqual(values);
    const newer = await encryptVersion(rotated, at, values);
    expect(newer.keyId).toBe('key-2');
    expect(await refusalOf(decryptVersion(ring, at, newer))).toContain('key-2');
    const wrong: KeyRing = { current: 'key-1', keys: new Map([['key-1', randomBytes(32)]]) };
    expect(await refusalOf(decryptVersion(wrong, at, encrypted))).toContain('key-1');
    const renamed: KeyRing = { current: 'key-3', keys: new Map([['key-3', one]]) };
    expect(await refusalOf(decryptVersion(renamed, at, { ...encrypted, keyId: 'key-3' }))).toContain('data key');
  });
});

describe('readKeyRing', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graft-ring-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function ringFrom(content: unknown): Promise<KeyRing> {
    const file = join(folder, 'ring.json');
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
    return readKeyRing(file);
  }

  it('reads several keys', async () => {
    const two = randomBytes(32);
    const keys = { a: one.toString('base64'), b: two.toString('base64') };
    const read = await ringFrom({ current: 'b', keys });
    expect(read.current).toBe('b');
    expect(read.keys.get('a')).toEqual(one);
    expect(read.keys.get('b')).toEqual(two);
  });

  it('refuses what is none, without quoting it', async () => {
    const word = 'quoted-words';
    const good = one.toString('base64');
    const contents = [
      word,
      `{"current": "${word}`,
      { current: 'a', keys: { a: word } },
      { current: 'a', keys: { a: good.slice(0, 20) } },
      { current: 'b', keys: { a: good } },
      { current: 'a', keys: { a: good }, more: word },
      { keys: { a: good } },
    ];
    for (const content of contents) {
      const error: unknown = await ringFrom(content).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'bad_key_file' });
      expect(`${(error as Error).stack} ${String((error as Error).cause)}`).not.toContain(word);
    }
  });
});
