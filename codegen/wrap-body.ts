import type MagicString from 'magic-string';
import { readCodeStyle } from './code-style.ts';
import type { Body } from './find-layout.ts';
import { indentLines } from './indent-lines.ts';
import { fillsItsLines, indentationAt, lineBreak, lineEnd, lineStart } from './lines.ts';
import type { Node, ParsedModule } from './parse-module.ts';
import type { Wrapped } from './wrap-root.ts';

/**
 * Puts the element `<name>` around all that a layout's `<body>` holds: on lines of its own where the content has them, on one
 * where the body is one line.
 */
export function wrapBody(module: ParsedModule, { element }: Body, name: string, out: MagicString): Wrapped {
  const { text } = module;
  const style = readCodeStyle(module);
  const content = { start: element.openingElement.end, end: element.closingElement?.start ?? element.end };
  const inner = text.slice(content.start, content.end);
  const start = content.end - inner.trimStart().length;
  const end = content.start + inner.trimEnd().length;
  const isOneLine = !text.slice(element.start, element.end).includes('\n');
  if (isOneLine && inner !== '' && inner === inner.trim() && fillsItsLines(text, element.start, element.end)) {
    const outer = `${style.eol}${indentationAt(text, element.start)}`;
    out.appendRight(start, `${outer}${style.indent}<${name}>`);
    out.appendLeft(end, `</${name}>${outer}`);
    return { anchor: 'wrap', replaced: inner };
  }
  if (isText(element.children, start) || isText(element.children, end - 1) || !fillsItsLines(text, start, end)) {
    out.appendRight(start, `<${name}>`);
    out.appendLeft(end, `</${name}>`);
    return { anchor: 'wrap', replaced: null };
  }
  const indent = indentationAt(text, start);
  out.appendRight(lineStart(text, start), `${indent}<${name}>${style.eol}`);
  indentLines(module, lineStart(text, start), end, style.indent, out);
  const last = lineEnd(text, end);
  out.appendLeft(last, `${lineBreak(text, last, style.eol)}${indent}</${name}>`);
  return { anchor: 'wrap', replaced: null };
}

/** Is there plain text at this offset? */
function isText(children: readonly Node[], offset: number): boolean {
  return children.some(({ type, start, end }) => type === 'JSXText' && start <= offset && offset < end);
}
