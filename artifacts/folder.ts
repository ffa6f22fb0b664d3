import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { GraftError } from '../contract/errors.ts';
import type { ArtifactStore } from './store.ts';

const projectPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const hashPattern = /^[0-9a-f]{64}$/;
/** Artifacts, and drafts that a process left when it died. */
const storedPattern = /^(?:[0-9a-f]{64}|\.draft-[0-9a-f]{16})$/;
const dayMs = 24 * 60 * 60 * 1000;

/** An artifact store in a folder, `<root>/<project>/<sha256>`, for processes that share the disk. */
export function createFolderStore(root: string): ArtifactStore {
  return {
    async put(project, bytes) {
      const folder = folderOf(root, project);
      const sha256 = hashOf(bytes);
      await mkdir(folder, { recursive: true });
      const draft = join(folder, `.draft-${randomBytes(8).toString('hex')}`);
      try {
        await writeThrough(draft, bytes);
        await place(draft, join(folder, sha256));
      } finally {
        await rm(draft, { force: true });
      }
      await readChecked(join(folder, sha256), sha256);
      return sha256;
    },

    async get(project, sha256) {
      if (!hashPattern.test(sha256)) throw new GraftError('not_found', 'No artifact has this name: it is no SHA-256.');
      return readChecked(join(folderOf(root, project), sha256), sha256);
    },

    async removeOlderThan(days) {
      const before = Date.now() - days * dayMs;
      let removed = 0;
      for (const project of await namesIn(root, projectPattern)) {
        const folder = join(root, project);
        for (const name of await namesIn(folder, storedPattern)) {
          if (!(await isOlder(join(folder, name), before))) continue;
          await rm(join(folder, name), { force: true });
          if (hashPattern.test(name)) removed += 1;
        }
      }
      return removed;
    },
  };
}

function folderOf(root: string, project: string): string {
  if (!projectPattern.test(project)) {
    throw new GraftError('invalid_request', 'A project in the artifact store is named by letters, digits, - and _.');
  }
  return join(root, project);
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function writeThrough(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o444);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

// Linking never overwrites; who finds the bytes there already renews their age.
async function place(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    const now = new Date();
    await utimes(file, now, now);
  }
}

async function readChecked(file: string, sha256: string): Promise<Uint8Array> {
  const bytes = await readRegularFile(file, sha256);
  if (bytes === undefined || hashOf(bytes) !== sha256) {
    throw new GraftError(
      'artifact_damaged',
      `Artifact ${sha256} was changed on disk: remove it and run the step again.`,
    );
  }
  return bytes;
}

/** Undefined for a link, which is never ours. */
async function readRegularFile(file: string, sha256: string): Promise<Uint8Array | undefined> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isErrno(error, 'ELOOP')) return undefined;
    if (isErrno(error, 'ENOENT')) {
      throw new GraftError(
        'not_found',
        `Artifact ${sha256} is not in the store: it may be older than its keeping time.`,
      );
    }
    throw error;
  }
}

async function isOlder(file: string, before: number): Promise<boolean> {
  try {
    return (await stat(file)).mtimeMs < before;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

async function namesIn(folder: string, pattern: RegExp): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => pattern.test(name));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
