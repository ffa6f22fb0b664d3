/** How a file is written, as far as inserted text has to follow it. */
export interface TextStyle {
  eol: '\n' | '\r\n';
  /** One level of indentation: a tab or some spaces. */
  indent: string;
}

/** Reads line ends (the more frequent) and the indentation unit (the most frequent step inwards; two spaces when there is none). */
export function readTextStyle(text: string): TextStyle {
  const newlines = text.split('\n').length - 1;
  const carriageReturns = text.split('\r\n').length - 1;
  return { eol: carriageReturns * 2 > newlines ? '\r\n' : '\n', indent: readIndent(text) };
}

function readIndent(text: string): string {
  const steps = new Map<string, number>();
  let previous = '';
  for (const line of text.split('\n')) {
    if (line.trim() === '' || /^\s*\*/.test(line)) continue;
    const current = /^[ \t]*/.exec(line)?.[0] ?? '';
    if (current.length > previous.length && current.startsWith(previous)) {
      const step = current.slice(previous.length);
      steps.set(step, (steps.get(step) ?? 0) + 1);
    }
    previous = current;
  }
  let indent = '  ';
  let most = 0;
  for (const [step, count] of steps) {
    if (count > most) [indent, most] = [step, count];
  }
  return indent;
}
