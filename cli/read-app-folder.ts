import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { FileMode, Snapshot, SourceFile } from '../contract/codegen.ts';
import { GraftError, messageOf } from '../contract/errors.ts';

export interface AppFolder {
  /** The folder on disk, links resolved. */
  folder: string;
  snapshot: Snapshot;
  /** The folder's path in the snapshot: from the root of its git repository, empty where it is that root or in none. */
  appDir: string;
}

/** Never an app's own sources, also where no git says so. */
const leftOut = new Set(['node_modules', '.git', '.expo', '.next']);
/** What Graft writes is read also where git is told to ignore it. */
const graftsFolders = new Set(['.graft', 'connectors']);
/** What the folders above an app say about it: workspaces, locks and ignored files. */
const aboveApp =
  /^(?:\.gitignore|package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?)$/;

/** Reads an app's folder from disk; a file's bytes are read when they are asked for, and links are not followed. Throws `not_found`, and `cannot_edit` for what may not be read. */
export function readAppFolder(path: string): AppFolder {
  if (!existsSync(path) || !lstatSync(realpathSync(path)).isDirectory()) {
    throw new GraftError('not_found', `There is no folder ${path}. Name the folder that holds the app's package.json.`);
  }
  const folder = realpathSync(path);
  if (!existsSync(join(folder, 'package.json'))) {
    throw new GraftError(
      'unsupported_app',
      `${path} holds no package.json. Name the folder of an Expo or Next.js app.`,
    );
  }
  const root = findRepository(folder) ?? folder;
  const snapshot = new Map<string, SourceFile>();
  const built = listIgnoredFolders(folder);
  readFolder(folder, root, snapshot, (path) => !built.has(path));
  for (let above = folder; above !== root;) {
    above = dirname(above);
    readFolder(above, root, snapshot, (path) => aboveApp.test(basename(path)));
  }
  return { folder, snapshot, appDir: inSnapshot(root, folder) };
}

function findRepository(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  return dirname(folder) === folder ? undefined : findRepository(dirname(folder));
}

function readFolder(
  folder: string,
  root: string,
  into: Map<string, SourceFile>,
  takes: (path: string) => boolean,
): void {
  for (const entry of readable(folder, () => readdirSync(folder, { withFileTypes: true }))) {
    const path = join(folder, entry.name);
    if (leftOut.has(entry.name) || !takes(path)) continue;
    if (entry.isDirectory()) readFolder(path, root, into, takes);
    else if (entry.isSymbolicLink())
      into.set(inSnapshot(root, path), { mode: '120000', bytes: Buffer.from(readlinkSync(path)) });
    else if (entry.isFile()) into.set(inSnapshot(root, path), fileOnDisk(path));
  }
}

/** Folders that git is told to ignore as a whole, such as what a build leaves: empty without a repository. */
function listIgnoredFolders(folder: string): ReadonlySet<string> {
  const list = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'];
  const git = spawnSync('git', ['-C', folder, '-c', 'safe.directory=*', ...list], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const names = git.status === 0 ? git.stdout.split('\0').filter((name) => name.endsWith('/')) : [];
  return new Set(names.filter((name) => !graftsFolders.has(basename(name))).map((name) => join(folder, name, '.')));
}

function fileOnDisk(path: string): SourceFile {
  let read: Uint8Array | undefined;
  const mode: FileMode = (lstatSync(path).mode & 0o100) === 0 ? '100644' : '100755';
  return {
    mode,
    get bytes() {
      return (read ??= readable(path, () => readFileSync(path)));
    },
  };
}

function readable<Value>(path: string, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    throw new GraftError('cannot_edit', `${path} cannot be read (${messageOf(cause)}). Mend that, then try again.`, {
      cause,
    });
  }
}

function inSnapshot(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}
