import sodium from 'libsodium-wrappers';
import { readPublicKey } from './key-file.ts';

/** What a submission may be opened for; the two kinds never open as each other. */
export type Binding =
  | {
      kind: 'installation';
      submission: string;
      project: string;
      installation: string;
      connector: string;
      environment: string;
    }
  | { kind: 'test'; submission: string; request: string; connector: string; environment: string };

export const sealedFormat = 1;
export const recipientLength = 32;
/** Lengths are hidden up to this many bytes. */
export const paddingBlock = 64;

/** The key that a sealed submission is for: a fingerprint that is both key id and commitment. Needs sodium to be ready. */
export function recipientOf(publicKey: Uint8Array): Uint8Array {
  return sodium.crypto_generichash(recipientLength, publicKey, sodium.from_string('graft sealing key'));
}

/** A binding as one text that no other binding has: a JSON array in a fixed order, the kind first. */
export function bindingText(binding: Binding): string {
  const { kind, submission, connector, environment } = binding;
  return kind === 'installation'
    ? JSON.stringify([kind, submission, binding.project, binding.installation, connector, environment])
    : JSON.stringify([kind, submission, binding.request, connector, environment]);
}

/**
 * Seals credential values to the control worker's public key (X25519, 32 bytes) with their binding inside the box.
 * Gives one byte of format, 32 bytes that name the key, and the box; who sealed it cannot open it.
 */
export async function seal(
  publicKey: Uint8Array,
  binding: Binding,
  values: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  await sodium.ready;
  const text = sodium.from_string(JSON.stringify({ binding: bindingText(binding), values }));
  const padded = sodium.pad(text, paddingBlock);
  try {
    const box = sodium.crypto_box_seal(padded, publicKey);
    return Buffer.concat([Uint8Array.of(sealedFormat), recipientOf(publicKey), box]);
  } finally {
    sodium.memzero(text);
    sodium.memzero(padded);
  }
}

/** Reads the sealing public key (32 bytes) from the file that `createKeyFiles` made; throws `bad_key_file`. */
export async function readSealingPublicKey(file: string): Promise<Uint8Array> {
  return readPublicKey(file);
}
