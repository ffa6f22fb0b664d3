/** Where the line that holds this offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line that holds this offset ends, before its line end. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline === -1) return text.length;
  return newline > offset && text[newline - 1] === '\r' ? newline - 1 : newline;
}

/** Where the line after this offset's begins; the end of the text after the last line. */
export function nextLineStart(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length : newline + 1;
}

/** What ends this offset's line; something else where the text ends with the line. */
export function lineBreak(text: string, offset: number, otherwise: string): string {
  const end = lineEnd(text, offset);
  return text.slice(end, nextLineStart(text, end)) || otherwise;
}

/** The white space before the first other character of this offset's line. */
export function indentationAt(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return /^[ \t]*/.exec(text.slice(start, lineEnd(text, start)))?.[0] ?? '';
}

/** Is there nothing but spaces, tabs and line ends between two offsets? */
export function isBlank(text: string, start: number, end: number): boolean {
  return text.slice(start, end).trim() === '';
}

/** Do these offsets hold whole lines, white space around them aside? */
export function fillsItsLines(text: string, start: number, end: number): boolean {
  return isBlank(text, lineStart(text, start), start) && isBlank(text, end, lineEnd(text, end));
}

/** The span to cut so that the lines from `start` to `end` are gone: their own line end, or the one before at the end of the text. */
export function wholeLines(text: string, start: number, end: number): { start: number; end: number } {
  const from = lineStart(text, start);
  const to = nextLineStart(text, end);
  if (to < text.length || text.endsWith('\n') || from === 0) return { start: from, end: to };
  return { start: lineEnd(text, lineStart(text, from - 1)), end: to };
}

/** Does a carriage return stand for a line end by itself somewhere? Lines added to such a text could not be told apart again. */
export function hasLoneReturns(text: string): boolean {
  return /\r(?!\n)/.test(text);
}

/** The text with a line added at its end, with a line end after it where the text has one. */
export function appendLine(text: string, line: string, eol: string): string {
  return text === '' || text.endsWith('\n') ? text + line + eol : text + eol + line;
}
