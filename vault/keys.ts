import { randomBytes } from 'node:crypto';
import { access, link, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sodium from 'libsodium-wrappers';
import { GraftError } from '../contract/errors.ts';
import { readPrivateKey, readPublicKey } from './key-file.ts';

/** Paths of all key files of an installation of Graft; which process gets which is the caller's to decide. */
export interface KeyFiles {
  sealingPublic: string;
  sealingPrivate: string;
  keyRing: string;
  codec: string;
  apiHash: string;
}

/**
 * Makes what is missing of the key files in `folder` (0700, files 0600) and never overwrites one. Throws `bad_key_file`
 * when the public sealing key there belongs to another private key, or has lost it.
 */
export async function createKeyFiles(folder: string): Promise<KeyFiles> {
  await sodium.ready;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files: KeyFiles = {
    sealingPublic: join(folder, 'sealing.public'),
    sealingPrivate: join(folder, 'sealing.private'),
    keyRing: join(folder, 'key-ring.json'),
    codec: join(folder, 'codec.key'),
    apiHash: join(folder, 'api-hash.key'),
  };
  await createSealingPair(files);
  await createOnce(files.keyRing, JSON.stringify({ current: 'key-1', keys: { 'key-1': newKey() } }, null, 2));
  await createOnce(files.codec, newKey());
  await createOnce(files.apiHash, newKey());
  return files;
}

// The public key is computed from the private file, so that two runs at once, or one that died, end in one pair.
async function createSealingPair(files: KeyFiles): Promise<void> {
  if ((await isThere(files.sealingPublic)) && !(await isThere(files.sealingPrivate))) {
    throw new GraftError(
      'bad_key_file',
      `${files.sealingPublic} is there without ${files.sealingPrivate}: restore the private key, or remove both.`,
    );
  }
  await createOnce(files.sealingPrivate, newKey());
  const privateKey = await readPrivateKey(files.sealingPrivate);
  const publicKey = sodium.crypto_scalarmult_base(privateKey);
  sodium.memzero(privateKey);
  await createOnce(files.sealingPublic, Buffer.from(publicKey).toString('base64'));
  if (!sodium.memcmp(await readPublicKey(files.sealingPublic), publicKey)) {
    throw new GraftError(
      'bad_key_file',
      `${files.sealingPublic} does not belong to ${files.sealingPrivate}: restore the pair, or remove both.`,
    );
  }
}

function newKey(): string {
  return randomBytes(32).toString('base64');
}

// Written whole beside its place and then linked: the file is there complete or not at all, and an older one stays.
async function createOnce(file: string, text: string): Promise<void> {
  if (await isThere(file)) return;
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${text}\n`);
    await handle.sync();
    await link(draft, file);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  } finally {
    await handle.close();
    await rm(draft, { force: true });
  }
}

async function isThere(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
