import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { GraftError } from '../../contract/errors.ts';
import { absent } from '../absent.ts';

const nameShape = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;

/**
 * The folder of a bare repository, `<root>/<name>` or `<root>/<name>.git`.
 * Throws `invalid_request` for a name that is none or leaves the root, `not_found` when there is no such repository.
 */
export async function findRepository(root: string, name: string): Promise<string> {
  if (!nameShape.test(name) || name.includes('..')) {
    throw refused(
      'invalid_request',
      name,
      'Give the name of a repository: letters, digits, dots, dashes and underscores.',
    );
  }
  const realRoot = await realPath(root);
  for (const candidate of [name, `${name}.git`]) {
    const folder = await realPath(path.join(root, candidate));
    if (folder === undefined) continue;
    if (realRoot === undefined || path.dirname(folder) !== realRoot) {
      throw refused(
        'invalid_request',
        name,
        'It is a link out of the folder of repositories: put the repository there.',
      );
    }
    if (await isBareRepository(folder)) return folder;
  }
  throw refused(
    'not_found',
    name,
    'Create it among the repositories of the local code host: git clone --bare <app> <name>.git',
  );
}

/** Names of all bare repositories under the root, without `.git`; throws `not_found` when there is no such folder. */
export async function listRepositories(root: string): Promise<readonly string[]> {
  const entries = await readdir(root).catch(absent);
  if (entries === undefined) throw new GraftError('not_found', `There is no folder of repositories at ${root}.`);
  const names = new Set(entries.map((entry) => entry.replace(/\.git$/, '')).filter((name) => nameShape.test(name)));
  const found: string[] = [];
  for (const name of [...names].sort()) {
    if (await findRepository(root, name).then(() => true, notThere)) found.push(name);
  }
  return found;
}

async function realPath(file: string): Promise<string | undefined> {
  return await realpath(file).catch(absent);
}

async function isBareRepository(folder: string): Promise<boolean> {
  const parts = await Promise.all(
    ['HEAD', 'objects', 'refs'].map((part) => stat(path.join(folder, part)).catch(absent)),
  );
  return parts.every((part) => part !== undefined);
}

function notThere(error: unknown): false {
  if (error instanceof GraftError) return false;
  throw error;
}

function refused(code: 'invalid_request' | 'not_found', name: string, fix: string): GraftError {
  const shown = JSON.stringify(name.slice(0, 100));
  return new GraftError(code, `The local code host has no repository ${shown}. ${fix}`, {
    fields: [{ field: 'repository', fix }],
  });
}
