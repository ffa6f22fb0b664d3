import { parse } from 'dotenv';
import { appendLine, hasLoneReturns, lineEnd, nextLineStart, wholeLines } from './lines.ts';
import { readTextStyle } from './text-style.ts';

export interface ExampleKey {
  key: string;
  comment: string;
}

interface Entry extends ExampleKey {
  start: number;
  end: number;
  /** Whether the line above is the key's own comment. */
  commented: boolean;
}

/** What stands for one key: a comment and its name without a value. */
export function printKey({ key, comment }: ExampleKey, eol = '\n'): string {
  return comment === '' ? `${key}=` : `# ${comment}${eol}${key}=`;
}

/** Does the text assign this key? */
export function namesKey(text: string, key: string): boolean {
  return findEntry(text, { key, comment: '' }) !== undefined;
}

/** The text with a key added: in order among `ours`, after everything else. Undefined when dotenv would not read it as intended. */
export function addKey(text: string, added: ExampleKey, ours: readonly ExampleKey[]): string | undefined {
  if (hasLoneReturns(text)) return undefined;
  const { eol } = readTextStyle(text);
  const entries = ours.flatMap((one) => findEntry(text, one) ?? []).toSorted((a, b) => a.start - b.start);
  const next = entries.find((entry) => entry.key > added.key);
  const last = entries.at(-1);
  const block = printKey(added, eol);
  let result: string;
  if (next !== undefined) result = `${text.slice(0, next.start)}${block}${eol}${text.slice(next.start)}`;
  else if (last !== undefined) result = `${text.slice(0, last.end)}${eol}${block}${text.slice(last.end)}`;
  else result = appendLine(text, block, eol);
  return readsAs(result, { ...parse(text), [added.key]: '' }) ? result : undefined;
}

/** The text without a key and its comment. Undefined when dotenv would not read the rest as before. */
export function removeKey(text: string, removed: ExampleKey): string | undefined {
  const entry = findEntry(text, removed);
  if (entry === undefined) return text;
  const { start, end } = wholeLines(text, entry.start, entry.end);
  const result = text.slice(0, start) + text.slice(end);
  const { [removed.key]: _, ...rest } = parse(text);
  return readsAs(result, rest) ? result : undefined;
}

/** Has the key another comment, or a value? */
export function isKeyChanged(text: string, { key, comment }: ExampleKey): boolean {
  const entry = findEntry(text, { key, comment });
  return entry !== undefined && text.slice(entry.start, entry.end).replaceAll('\r', '') !== printKey({ key, comment });
}

function findEntry(text: string, { key, comment }: ExampleKey): Entry | undefined {
  const line = new RegExp(`^[ \\t]*(?:export[ \\t]+)?${key}[ \\t]*[=:]`, 'm').exec(text);
  if (line === null) return undefined;
  const end = lineEnd(text, line.index);
  const above = comment === '' ? -1 : text.lastIndexOf(`# ${comment}`, line.index);
  const commented =
    above !== -1 && nextLineStart(text, above) === line.index && lineEnd(text, above) === above + comment.length + 2;
  return { key, comment, start: commented ? above : line.index, end, commented };
}

function readsAs(text: string, intended: Record<string, string>): boolean {
  const read = parse(text);
  const keys = Object.keys(intended);
  return Object.keys(read).length === keys.length && keys.every((key) => read[key] === intended[key]);
}
