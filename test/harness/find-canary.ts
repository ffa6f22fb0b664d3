import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files below a folder, and objects of the repositories there, that hold a text: as it is, in hex, or in base64 at any offset. */
export async function findCanary(folder: string, canary: string): Promise<string[]> {
  const forms = formsOf(canary);
  const holds = (bytes: Uint8Array) => forms.some((form) => Buffer.from(bytes).includes(form));
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && holds(await readIfThere(path))) found.push(path);
    if (entry.isDirectory() && entry.name.endsWith('.git') && holds(await objectsOf(path))) found.push(path);
  }
  return found;
}

// Databases remove files of theirs at any moment.
async function readIfThere(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Uint8Array();
    throw error;
  }
}

// Git compresses what it keeps, so its objects are written out.
async function objectsOf(repository: string): Promise<Uint8Array> {
  const { stdout } = await run('git', ['--git-dir', repository, 'cat-file', '--batch', '--batch-all-objects'], {
    encoding: 'buffer',
    maxBuffer: 256 * 1024 * 1024,
  });
  return stdout;
}

function formsOf(canary: string): string[] {
  const bytes = Buffer.from(canary);
  const inBase64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // The characters at either end also carry bits of the neighbours.
    return text.slice(offset === 0 ? 0 : 4, Math.floor(((offset + bytes.length) * 4) / 3) - 3);
  });
  return [canary, bytes.toString('hex'), ...inBase64];
}
