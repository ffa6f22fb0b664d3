import type { Snapshot } from '../contract/codegen.ts';
import { blobId } from './blob.ts';
import { isIgnored } from './is-ignored.ts';
import { appendLine, hasLoneReturns, lineEnd, wholeLines } from './lines.ts';
import { type Planning, leaveToPerson } from './planning.ts';
import { readTextStyle } from './text-style.ts';

const file = '.gitignore';
const values = '.env.local';
const reason = 'keeps the file with values out of the repository';

/** Sees to it that git ignores `.env.local` while a connector reads values; a line is added only where nothing covers it. */
export function planGitignore(planning: Planning, snapshot: Snapshot): void {
  const wanted = planning.target.some((record) => record.environmentKeys.length > 0);
  if (!wanted) removeLine(planning);
  else if (planning.added.size > 0 && !isIgnored(snapshot, planning.appDir, values)) addLine(planning);
}

function addLine(planning: Planning): void {
  const { draft, shared } = planning;
  const problem = draft.problem(file);
  if (problem !== undefined) return leaveToPerson(planning, { file, reason: problem, snippet: values });
  const text = draft.read(file);
  if (hasLoneReturns(text ?? ''))
    return leaveToPerson(planning, { file, reason: 'its lines do not end as git reads them', snippet: values });
  draft.write(file, appendLine(text ?? '', values, readTextStyle(text ?? '').eol), reason);
  const hash = blobId(values);
  shared.set({ file, anchor: values, state: 'written', hash, replaced: null });
  if (text === undefined) shared.set({ file, anchor: 'file', state: 'written', hash: null, replaced: null });
}

function removeLine(planning: Planning): void {
  const { draft, shared } = planning;
  if (shared.get(file, values) === undefined) return;
  const wasMade = shared.get(file, 'file') !== undefined;
  shared.drop(file, values);
  shared.drop(file, 'file');
  const text = draft.problem(file) === undefined ? draft.read(file) : undefined;
  const line = [...(text ?? '').matchAll(/^\.env\.local[ \t]*\r?$/gm)].at(-1);
  if (text === undefined || line === undefined) return;
  const { start, end } = wholeLines(text, line.index, lineEnd(text, line.index));
  const rest = text.slice(0, start) + text.slice(end);
  if (wasMade && rest.trim() === '') draft.remove(file, reason);
  else draft.write(file, rest, reason);
}
