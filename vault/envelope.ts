import sodium from 'libsodium-wrappers';
import { GraftError } from '../contract/errors.ts';
import type { EncryptedVersion, VersionPlace } from '../contract/vault.ts';
import type { KeyRing } from './key-ring.ts';

const format = 1;
/** Lengths of values are hidden up to this many bytes. */
const paddingBlock = 64;

/**
 * Encrypts values (name → text) under a fresh data key, which the ring's current key wraps. Every ciphertext is bound
 * to its place and field, and the wrapped key to the set of fields, so that nothing can be moved or left out.
 */
export async function encryptVersion(
  ring: KeyRing,
  at: VersionPlace,
  values: Readonly<Record<string, string>>,
): Promise<EncryptedVersion> {
  await sodium.ready;
  const wrappingKey = keyOf(ring, ring.current);
  const dataKey = sodium.crypto_aead_xchacha20poly1305_ietf_keygen();
  try {
    const names = Object.keys(values);
    return {
      format,
      keyId: ring.current,
      commitment: { wrapping: commitmentTo(wrappingKey), data: commitmentTo(dataKey) },
      wrappedKey: encrypt(wrappingKey, dataKey, keyAssociation(ring.current, at, names)),
      fields: Object.fromEntries(
        names.map((name) => [name, encryptText(dataKey, values[name] as string, fieldAssociation(at, name))]),
      ),
    };
  } finally {
    sodium.memzero(dataKey);
  }
}

/**
 * Opens what `encryptVersion` made, at the same place only. Throws `cannot_open` when the format or key is unknown or
 * anything was changed, moved or left out; no error holds a value.
 */
export async function decryptVersion(
  ring: KeyRing,
  at: VersionPlace,
  encrypted: EncryptedVersion,
): Promise<Record<string, string>> {
  await sodium.ready;
  if (encrypted.format !== format) {
    throw new GraftError('cannot_open', `${at.version} has an unknown format: this version opens format ${format}.`);
  }
  const wrappingKey = keyOf(ring, encrypted.keyId);
  checkCommitment(wrappingKey, encrypted.commitment.wrapping, `key ${encrypted.keyId} of the key ring`, at);
  const names = Object.keys(encrypted.fields);
  const association = keyAssociation(encrypted.keyId, at, names);
  const dataKey = decrypt(wrappingKey, encrypted.wrappedKey, association, `The data key of ${at.version}`);
  try {
    checkCommitment(dataKey, encrypted.commitment.data, 'its data key', at);
    return Object.fromEntries(
      Object.entries(encrypted.fields).map(([name, text]) => [
        name,
        decryptText(dataKey, text, fieldAssociation(at, name), `Field ${name} of ${at.version}`),
      ]),
    );
  } finally {
    sodium.memzero(dataKey);
  }
}

function keyOf(ring: KeyRing, id: string): Uint8Array {
  const key = ring.keys.get(id);
  if (key === undefined) throw new GraftError('cannot_open', `The key ring has no key ${id}: put it back.`);
  return key;
}

function keyAssociation(keyId: string, at: VersionPlace, names: readonly string[]): string {
  return JSON.stringify(['key', format, keyId, at.project, at.installation, at.version, names.toSorted()]);
}

function fieldAssociation(at: VersionPlace, name: string): string {
  return JSON.stringify(['field', format, at.project, at.installation, at.version, name]);
}

// XChaCha20-Poly1305 alone lets one ciphertext open under two keys; a hash of the key does not.
function commitmentTo(key: Uint8Array): string {
  const hash = sodium.crypto_generichash(32, sodium.from_string('graft key commitment'), key);
  return sodium.to_base64(hash, sodium.base64_variants.ORIGINAL);
}

function checkCommitment(key: Uint8Array, commitment: string, which: string, at: VersionPlace): void {
  if (commitmentTo(key) !== commitment) {
    throw new GraftError('cannot_open', `${at.version} was not encrypted with ${which}: restore the right one.`);
  }
}

function encryptText(key: Uint8Array, text: string, association: string): string {
  const bytes = sodium.from_string(text);
  const padded = sodium.pad(bytes, paddingBlock);
  try {
    return encrypt(key, padded, association);
  } finally {
    sodium.memzero(bytes);
    sodium.memzero(padded);
  }
}

function decryptText(key: Uint8Array, text: string, association: string, what: string): string {
  const padded = decrypt(key, text, association, what);
  try {
    return sodium.to_string(sodium.unpad(padded, paddingBlock));
  } finally {
    sodium.memzero(padded);
  }
}

function encrypt(key: Uint8Array, bytes: Uint8Array, association: string): string {
  const nonce = sodium.randombytes_buf(sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
  const box = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(bytes, association, null, nonce, key);
  return sodium.to_base64(Buffer.concat([nonce, box]), sodium.base64_variants.ORIGINAL);
}

function decrypt(key: Uint8Array, text: string, association: string, what: string): Uint8Array {
  try {
    const bytes = sodium.from_base64(text, sodium.base64_variants.ORIGINAL);
    const nonce = bytes.subarray(0, sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    const box = bytes.subarray(nonce.length);
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, box, association, nonce, key);
  } catch (error) {
    const fix = 'it was changed, or belongs elsewhere. Replace the credentials.';
    throw new GraftError('cannot_open', `${what} does not open: ${fix}`, { cause: error });
  }
}
