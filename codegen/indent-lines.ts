import type MagicString from 'magic-string';
import { isBlank, lineEnd, lineStart, nextLineStart } from './lines.ts';
import { type ParsedModule, walk } from './parse-module.ts';

/** Moves the lines that begin in a span one step in; blank lines and the inside of texts stay as they are. */
export function indentLines(module: ParsedModule, from: number, to: number, step: string, out: MagicString): void {
  for (const start of movableLines(module, from, to)) out.appendRight(start, step);
}

/** Moves the lines that begin in a span one step out, as far as they have that step. */
export function outdentLines(module: ParsedModule, from: number, to: number, step: string, out: MagicString): void {
  for (const start of movableLines(module, from, to)) {
    let length = 0;
    while (length < step.length && module.text[start + length] === step[length]) length += 1;
    if (length > 0) out.remove(start, start + length);
  }
}

function movableLines({ text, program }: ParsedModule, from: number, to: number): number[] {
  const texts: { start: number; end: number }[] = [];
  walk(program, (node) => {
    const isText = node.type === 'TemplateElement' || (node.type === 'Literal' && typeof node.value === 'string');
    if (isText && text.slice(node.start, node.end).includes('\n')) texts.push(node);
  });
  const starts: number[] = [];
  const first = lineStart(text, from) === from ? from : nextLineStart(text, from);
  for (let start = first; start < to; start = nextLineStart(text, start)) {
    // A template's part ends before its `${` or backtick in JavaScript, and after it in TypeScript.
    const inText = texts.some((span) => span.start < start && start <= span.end);
    if (!inText && !isBlank(text, start, lineEnd(text, start))) starts.push(start);
  }
  return starts;
}
