import { readFile, stat } from 'node:fs/promises';
import { GraftError } from '../contract/errors.ts';

/** Keys of the payload codec, 32 bytes each: the first encrypts, all decrypt. */
export type CodecKeys = readonly [Uint8Array, ...Uint8Array[]];

/**
 * Reads a codec key file: one key of 32 bytes in base64 per line, the newest first. Throws `bad_key_file` when it is
 * missing, open to every user of the machine, or something else.
 */
export async function readCodecKeys(file: string): Promise<CodecKeys> {
  const [first, ...older] = (await readPrivateText(file))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => keyOf(line, file));
  if (first === undefined) throw new GraftError('bad_key_file', `${file} is empty: restore it from a backup.`);
  return [first, ...older];
}

async function readPrivateText(file: string): Promise<string> {
  try {
    const { mode } = await stat(file);
    if ((mode & 0o007) !== 0) {
      throw new GraftError('bad_key_file', `${file} is open to every user of this machine: run chmod o= on it.`);
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof GraftError) throw error;
    throw new GraftError('bad_key_file', `Cannot read ${file}: run npm run setup, or restore it from a backup.`, {
      cause: error,
    });
  }
}

function keyOf(line: string, file: string): Uint8Array {
  const key = Buffer.from(line, 'base64');
  if (key.length !== 32 || key.toString('base64') !== line) {
    throw new GraftError('bad_key_file', `${file} has a line that is no key of 32 bytes in base64: restore it.`);
  }
  return key;
}
