import type { PlannedFile, Snapshot, SourceFile } from '../contract/codegen.ts';
import { GraftError } from '../contract/errors.ts';
import { blobId } from './blob.ts';
import { compareText } from './order.ts';

/** A snapshot being edited; paths are relative to the app folder, writing back what was there leaves no change, and a byte order mark stays. */
export interface Draft {
  /** The text as it stands now, without its byte order mark; undefined when there is no such file. Throws `cannot_edit` for a link or what is not UTF-8. */
  read(path: string): string | undefined;
  /** Why this file cannot be read as text, undefined when it can or is not there. */
  problem(path: string): string | undefined;
  write(path: string, text: string, reason: string): void;
  remove(path: string, reason: string): void;
  /** Paths of the app's files as they stand now. */
  paths(): string[];
  /** Every file that differs from the snapshot, sorted; paths from the repository's root. */
  changes(): PlannedFile[];
}

/** Opens a draft of one app in a snapshot. */
export function openDraft(snapshot: Snapshot, appDir: string): Draft {
  const folder = appDir === '' ? '' : `${appDir}/`;
  const refuseCollision = (path: string) => {
    const above = path.split('/').map((_, index, parts) => parts.slice(0, index).join('/'));
    const inTheWay = above.find((part) => snapshot.has(part)) ?? (folders().has(path) ? path : undefined);
    if (inTheWay === undefined) return;
    const needs = inTheWay === path ? 'file' : 'folder';
    const mode = snapshot.get(inTheWay)?.mode;
    const is = mode === undefined ? 'folder' : mode === '120000' ? 'symbolic link' : 'file';
    throw new GraftError(
      'cannot_edit',
      `${inTheWay} is a ${is}, and Graft needs a ${needs} of that name. Move it away, then try again.`,
    );
  };
  const edits = new Map<string, { text: string | null; reason: string }>();
  const decoded = new Map<SourceFile, string | undefined>();
  const decode = (file: SourceFile) => {
    if (!decoded.has(file)) decoded.set(file, decodeText(file));
    return decoded.get(file);
  };
  const problem = (path: string) => {
    const file = snapshot.get(folder + path);
    if (edits.has(path) || file === undefined) return undefined;
    if (file.mode === '120000') return 'it is a symbolic link';
    return decode(file) === undefined ? 'it is not UTF-8 text' : undefined;
  };
  const folders = lazyFolders(snapshot);
  const edit = (path: string, text: string | null, reason: string) => {
    if (text !== null && !snapshot.has(folder + path)) refuseCollision(folder + path);
    edits.set(path, { text, reason: edits.get(path)?.reason ?? reason });
  };
  return {
    problem,
    read(path) {
      const edited = edits.get(path);
      if (edited !== undefined) return edited.text ?? undefined;
      const why = problem(path);
      if (why !== undefined) throw new GraftError('cannot_edit', `${folder}${path} cannot be edited: ${why}.`);
      const file = snapshot.get(folder + path);
      return file === undefined ? undefined : decode(file)?.replace(mark, '');
    },
    write: edit,
    remove: (path, reason) => edit(path, null, reason),
    paths() {
      const paths = new Set<string>();
      for (const path of snapshot.keys()) if (path.startsWith(folder)) paths.add(path.slice(folder.length));
      for (const [path, { text }] of edits) {
        if (text === null) paths.delete(path);
        else paths.add(path);
      }
      return [...paths];
    },
    changes() {
      const changes: PlannedFile[] = [];
      for (const [path, { text: body, reason }] of edits) {
        const file = snapshot.get(folder + path);
        const text = body !== null && file !== undefined && mark.test(decodeText(file) ?? '') ? `\uFEFF${body}` : body;
        const before = file === undefined ? null : blobId(file.bytes);
        const after = text === null ? null : blobId(text);
        if (before === after) continue;
        const change = before === null ? 'add' : after === null ? 'delete' : 'edit';
        changes.push({ path: folder + path, change, mode: file?.mode ?? '100644', before, after, text, reason });
      }
      return changes.toSorted((a, b) => compareText(a.path, b.path));
    },
  };
}

/** Every folder that holds a file, read through once and only when asked. */
function lazyFolders(snapshot: Snapshot): () => ReadonlySet<string> {
  let folders: Set<string> | undefined;
  return () => {
    if (folders !== undefined) return folders;
    folders = new Set();
    for (const path of snapshot.keys()) {
      for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
        const above = path.slice(0, end);
        if (folders.has(above)) break;
        folders.add(above);
      }
    }
    return folders;
  };
}

const mark = /^\uFEFF/;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The file's text, a byte order mark included; undefined when it is not UTF-8. */
export function decodeText(file: SourceFile): string | undefined {
  try {
    return decoder.decode(file.bytes);
  } catch {
    return undefined;
  }
}
