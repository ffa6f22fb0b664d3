import { z } from 'zod';
import { GraftError } from '../contract/errors.ts';
import { keyFromBase64, readPrivateText } from './key-file.ts';

/** Keys that wrap data keys: new versions under `current`, old ones open under any. */
export interface KeyRing {
  current: string;
  keys: ReadonlyMap<string, Uint8Array>;
}

const KeyRingFile = z.strictObject({ current: z.string().min(1), keys: z.record(z.string().min(1), z.string()) });

/** Reads a key ring file, `{"current": id, "keys": {id: base64 of 32 bytes}}`; throws `bad_key_file`. */
export async function readKeyRing(file: string): Promise<KeyRing> {
  const { current, keys } = parse(await readPrivateText(file), file);
  const ring: KeyRing = {
    current,
    keys: new Map(Object.entries(keys).map(([id, text]) => [id, keyFromBase64(text, file)])),
  };
  if (!ring.keys.has(current)) {
    throw new GraftError('bad_key_file', `${file} names ${current} as its current key but does not hold it.`);
  }
  return ring;
}

// A parser's error would quote the text, so it is not kept as the cause.
function parse(text: string, file: string): z.infer<typeof KeyRingFile> {
  const refused = new GraftError('bad_key_file', `${file} is no key ring: restore it from a backup.`);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw refused;
  }
  const parsed = KeyRingFile.safeParse(content);
  if (!parsed.success) throw refused;
  return parsed.data;
}
