import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { GraftError } from '../contract/errors.ts';
import type { CodecKeys } from './codec-keys.ts';

const encoding = 'binary/encrypted';
const format = '1';
const cipherName = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;
const PayloadMessage = proto.temporal.api.common.v1.Payload;

/**
 * A codec that encrypts whole payloads, their metadata included, with the first key (AES-256-GCM; nonce, ciphertext,
 * tag) and decrypts with whichever the payload names. What it did not encrypt passes through on decode.
 */
export function createPayloadCodec(...keys: CodecKeys): PayloadCodec {
  const keysById = new Map(keys.map((key) => [keyIdOf(key), key]));
  const [current] = keys;
  const currentId = keyIdOf(current);
  return {
    async encode(payloads) {
      return payloads.map((payload) => encrypt(payload, current, currentId));
    },
    async decode(payloads) {
      return payloads.map((payload) =>
        textOf(payload, 'encoding') === encoding ? decrypt(payload, keysById) : payload,
      );
    },
  };
}

// A hash of the whole key: it names the key and commits to it, since GCM alone opens one ciphertext under two keys.
function keyIdOf(key: Uint8Array): string {
  return createHmac('sha256', key).update('graft codec key').digest('base64url');
}

function encrypt(payload: Payload, key: Uint8Array, keyId: string): Payload {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv(cipherName, key, nonce).setAAD(associationOf(keyId));
  const box = [nonce, cipher.update(PayloadMessage.encode(payload).finish()), cipher.final(), cipher.getAuthTag()];
  const metadata = { encoding, 'encryption-format': format, 'encryption-key-id': keyId };
  return {
    metadata: Object.fromEntries(Object.entries(metadata).map(([name, text]) => [name, Buffer.from(text)])),
    data: Buffer.concat(box),
  };
}

function decrypt(payload: Payload, keysById: ReadonlyMap<string, Uint8Array>): Payload {
  if (textOf(payload, 'encryption-format') !== format) {
    throw new GraftError('cannot_open', `A payload has an unknown format: this version opens format ${format}.`);
  }
  const keyId = textOf(payload, 'encryption-key-id');
  const key = keysById.get(keyId);
  if (key === undefined) {
    throw new GraftError(
      'cannot_open',
      'A payload needs a codec key that the key file does not hold: add it as a line.',
    );
  }
  const data = payload.data ?? new Uint8Array();
  try {
    const decipher = createDecipheriv(cipherName, key, data.subarray(0, nonceLength), { authTagLength: tagLength });
    decipher.setAAD(associationOf(keyId)).setAuthTag(data.subarray(-tagLength));
    const bytes = Buffer.concat([decipher.update(data.subarray(nonceLength, -tagLength)), decipher.final()]);
    return PayloadMessage.decode(bytes);
  } catch (error) {
    throw new GraftError('cannot_open', 'A payload is damaged: its workflow has to be started again.', {
      cause: error,
    });
  }
}

function associationOf(keyId: string): Buffer {
  return Buffer.from(JSON.stringify([encoding, format, keyId]));
}

function textOf(payload: Payload, name: string): string {
  return Buffer.from(payload.metadata?.[name] ?? new Uint8Array()).toString();
}
