import sodium from 'libsodium-wrappers';
import { z } from 'zod';
import { GraftError } from '../contract/errors.ts';
import { readPrivateKey, readPublicKey } from './key-file.ts';
import { type Binding, bindingText, paddingBlock, recipientLength, recipientOf, sealedFormat } from './seal.ts';

/** The key pair that submissions are sealed to, 32 bytes each. */
export interface SealingKeys {
  publicKey: Uint8Array;
  privateKey: Uint8Array;
}

const SealedText = z.strictObject({ binding: z.string(), values: z.record(z.string(), z.string()) });

/**
 * Opens what `seal` made, for exactly the binding it was sealed with. Throws `cannot_open` (format, key, damage) and
 * `binding_mismatch`; no error holds a value.
 */
export async function openSubmission(
  keys: SealingKeys,
  sealed: Uint8Array,
  binding: Binding,
): Promise<Record<string, string>> {
  await sodium.ready;
  if (sealed[0] !== sealedFormat) {
    throw new GraftError(
      'cannot_open',
      `The submission has an unknown format: this version opens format ${sealedFormat}.`,
    );
  }
  const recipient = sealed.subarray(1, 1 + recipientLength);
  if (recipient.length !== recipientLength || !sodium.memcmp(recipient, recipientOf(keys.publicKey))) {
    throw new GraftError('cannot_open', 'The submission is sealed to another key: send the credentials again.');
  }
  const padded = openBox(keys, sealed.subarray(1 + recipientLength));
  try {
    const { binding: sealedFor, values } = readText(padded);
    if (sealedFor !== bindingText(binding)) {
      throw new GraftError(
        'binding_mismatch',
        'The submission was sealed for something else: send the credentials again.',
      );
    }
    return values;
  } finally {
    sodium.memzero(padded);
  }
}

/** Reads the sealing key pair; throws `bad_key_file`, also when the two files are not of one pair. */
export async function readSealingKeys(files: { publicKey: string; privateKey: string }): Promise<SealingKeys> {
  await sodium.ready;
  const publicKey = await readPublicKey(files.publicKey);
  const privateKey = await readPrivateKey(files.privateKey);
  if (!sodium.memcmp(sodium.crypto_scalarmult_base(privateKey), publicKey)) {
    throw new GraftError(
      'bad_key_file',
      `${files.publicKey} does not belong to ${files.privateKey}: restore the pair.`,
    );
  }
  return { publicKey, privateKey };
}

function openBox(keys: SealingKeys, box: Uint8Array): Uint8Array {
  try {
    return sodium.crypto_box_seal_open(box, keys.publicKey, keys.privateKey);
  } catch (error) {
    throw new GraftError('cannot_open', 'The submission is damaged: send the credentials again.', { cause: error });
  }
}

// Whoever holds the public key can make a box, so what is inside is parsed; a parser's error would quote the text.
function readText(padded: Uint8Array): z.infer<typeof SealedText> {
  const damaged = new GraftError('cannot_open', 'The submission holds no credentials: send them again.');
  let text: unknown;
  try {
    text = JSON.parse(sodium.to_string(sodium.unpad(padded, paddingBlock)));
  } catch {
    throw damaged;
  }
  const parsed = SealedText.safeParse(text);
  if (!parsed.success) throw damaged;
  return parsed.data;
}
