import { readFile, stat } from 'node:fs/promises';
import { GraftError } from '../contract/errors.ts';

/** Bytes of every key in the vault. */
const keyLength = 32;

/** Reads the text of a private file; throws `bad_key_file` when it is missing or open to every user of the machine. */
export async function readPrivateText(file: string): Promise<string> {
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

/** Reads one private key of 32 bytes, in base64; throws `bad_key_file`. */
export async function readPrivateKey(file: string): Promise<Uint8Array> {
  return keyFromBase64(await readPrivateText(file), file);
}

/** Reads one public key of 32 bytes, in base64, whoever else may read it; throws `bad_key_file`. */
export async function readPublicKey(file: string): Promise<Uint8Array> {
  try {
    return keyFromBase64(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof GraftError) throw error;
    throw new GraftError(
      'bad_key_file',
      `Cannot read ${file}: run npm run setup, or copy it from the control worker.`,
      {
        cause: error,
      },
    );
  }
}

/** 32 bytes from base64; `file` is named in the error, the text never is. */
export function keyFromBase64(text: string, file: string): Uint8Array {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== keyLength || key.toString('base64') !== text.trim()) {
    throw new GraftError('bad_key_file', `${file} does not hold a key of ${keyLength} bytes in base64: restore it.`);
  }
  return key;
}
