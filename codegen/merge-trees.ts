import type { FileMode, Snapshot, SourceFile } from '../contract/codegen.ts';
import { decodeText } from './draft.ts';
import { mergeTexts } from './merge-texts.ts';
import { compareText } from './order.ts';

export type MergedTrees = { snapshot: Snapshot } | { conflicts: readonly string[] };

/**
 * Merges two trees that began as `base`: by file where one side left it alone, else by line as git does, without looking for
 * renames. Gives the paths that conflict instead when there are any. Of a file in `takeTheirs` their side is taken always.
 */
export function mergeTrees(
  base: Snapshot,
  ours: Snapshot,
  theirs: Snapshot,
  takeTheirs: ReadonlySet<string> = new Set(),
): MergedTrees {
  const merged = new Map<string, SourceFile>();
  const conflicts: string[] = [];
  for (const path of [...new Set([...ours.keys(), ...theirs.keys()])].toSorted(compareText)) {
    const sides = [base.get(path), ours.get(path), theirs.get(path)] as const;
    const file = takeTheirs.has(path) ? sides[2] : mergeFile(...sides);
    if (file === 'conflict') conflicts.push(path);
    else if (file !== undefined) merged.set(path, file);
  }
  for (const path of merged.keys()) if (foldersOf(path).some((folder) => merged.has(folder))) conflicts.push(path);
  return conflicts.length > 0 ? { conflicts: conflicts.toSorted(compareText) } : { snapshot: merged };
}

/** Is it the same file, or none at all? */
export function isSameFile(one: SourceFile | undefined, other: SourceFile | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || other === undefined || one.mode !== other.mode) return false;
  return Buffer.from(one.bytes).equals(other.bytes);
}

function mergeFile(
  base: SourceFile | undefined,
  ours: SourceFile | undefined,
  theirs: SourceFile | undefined,
): SourceFile | undefined | 'conflict' {
  if (isSameFile(ours, theirs) || isSameFile(base, theirs)) return ours;
  if (isSameFile(base, ours)) return theirs;
  if (base === undefined || ours === undefined || theirs === undefined) return 'conflict';
  if ([base, ours, theirs].some(({ mode }) => mode === '120000')) return 'conflict';
  const bytes = mergeBytes(base.bytes, ours.bytes, theirs.bytes);
  return bytes === undefined ? 'conflict' : { mode: mergeModes(base.mode, ours.mode, theirs.mode), bytes };
}

function mergeBytes(base: Uint8Array, ours: Uint8Array, theirs: Uint8Array): Uint8Array | undefined {
  const same = (one: Uint8Array, other: Uint8Array) => Buffer.from(one).equals(other);
  if (same(base, theirs) || same(ours, theirs)) return ours;
  if (same(base, ours)) return theirs;
  const [baseText, ourText, theirText] = [base, ours, theirs].map(textIn);
  if (baseText === undefined || ourText === undefined || theirText === undefined) return undefined;
  const text = mergeTexts(baseText, ourText, theirText);
  return text === undefined ? undefined : Buffer.from(text);
}

// There are two, so where the sides differ one of them is the base's.
function mergeModes(base: FileMode, ours: FileMode, theirs: FileMode): FileMode {
  return base === ours ? theirs : ours;
}

/** Text is UTF-8 without a zero byte. */
function textIn(bytes: Uint8Array): string | undefined {
  return bytes.includes(0) ? undefined : decodeText({ mode: '100644', bytes });
}

function foldersOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'));
}
