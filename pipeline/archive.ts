import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract, pack } from 'tar-stream';
import type { FileMode, Snapshot, SourceFile } from '../contract/codegen.ts';
import { GraftError } from '../contract/errors.ts';

const linkMode = '120000';

/** Packs all files of a commit into a tar, sorted by path and without times, so that the same files give the same bytes. */
export async function packSnapshot(snapshot: Snapshot): Promise<Uint8Array> {
  const archive = pack();
  const bytes = buffer(archive);
  for (const [path, file] of [...snapshot].sort(([left], [right]) => (left < right ? -1 : 1))) {
    const entry = { name: path, mtime: new Date(0) };
    if (file.mode === linkMode)
      archive.entry({ ...entry, type: 'symlink', linkname: Buffer.from(file.bytes).toString('utf8') });
    else archive.entry({ ...entry, mode: file.mode === '100755' ? 0o755 : 0o644 }, Buffer.from(file.bytes));
  }
  archive.finalize();
  return bytes;
}

/** Reads a tar back; throws `unsupported_app` for a path or link that leaves the tree, and for devices and the like. */
async function readArchive(bytes: Uint8Array): Promise<Map<string, SourceFile>> {
  const files = new Map<string, SourceFile>();
  const entries = Readable.from([bytes]).pipe(extract());
  for await (const entry of entries) {
    const { name, type, linkname, mode } = entry.header;
    const content = await buffer(entry);
    if (type === 'directory') continue;
    refuseBadPath(name);
    if (type === 'symlink') {
      const target = linkname ?? '';
      refuseLeavingLink(name, target);
      files.set(name, { mode: linkMode, bytes: Buffer.from(target) });
    } else if (type === 'file') files.set(name, { mode: modeOf(mode), bytes: content });
    else throw new GraftError('unsupported_app', `${name} is a ${type}; only files and links can be built.`);
  }
  return files;
}

/** Writes a tar's files into an empty folder; throws as `readArchive` does and when a path goes through a link. */
export async function unpackSnapshot(bytes: Uint8Array, folder: string): Promise<void> {
  const files = await readArchive(bytes);
  await mkdir(folder, { recursive: true });
  for (const path of files.keys())
    for (let parent = dirname(path); parent !== '.'; parent = dirname(parent))
      if (files.has(parent))
        throw new GraftError('unsupported_app', `${path} lies below ${parent}, which is no folder.`);
  const folders = new Set([...files.keys()].map((path) => dirname(join(folder, path))));
  for (const parent of folders) await mkdir(parent, { recursive: true });
  for (const [path, file] of files) {
    const target = join(folder, path);
    if (file.mode === linkMode) await symlink(Buffer.from(file.bytes).toString('utf8'), target);
    else await writeFile(target, file.bytes, { flag: 'wx', mode: file.mode === '100755' ? 0o755 : 0o644 });
  }
}

function modeOf(mode: number | undefined): FileMode {
  return ((mode ?? 0) & 0o100) === 0 ? '100644' : '100755';
}

function refuseBadPath(path: string): void {
  const parts = path.split('/');
  if (path !== '' && !path.includes('\0') && parts.every((part) => part !== '' && part !== '.' && part !== '..'))
    return;
  throw new GraftError('unsupported_app', `The path ${JSON.stringify(path)} leaves the repository.`);
}

/** `..` only at the beginning of a target: after a name it could lead out through another link, and not show it. */
function refuseLeavingLink(path: string, target: string): void {
  const parts = target.split('/');
  const up = parts.findIndex((part) => part !== '..');
  const climbs = up === -1 ? parts.length : up;
  const depth = path.split('/').length - 1;
  const inside = target !== '' && !target.startsWith('/') && !target.includes('\0') && climbs <= depth;
  if (inside && !parts.slice(climbs).includes('..')) return;
  throw new GraftError(
    'unsupported_app',
    `The link ${path} points to ${JSON.stringify(target)}, out of the repository.`,
  );
}
