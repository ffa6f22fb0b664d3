import type MagicString from 'magic-string';
import { type CodeStyle, readCodeStyle } from './code-style.ts';
import type { Component } from './find-component.ts';
import { type Returned, findReturns } from './find-returns.ts';
import { indentLines } from './indent-lines.ts';
import { fillsItsLines, indentationAt, lineBreak, lineEnd, lineStart, nextLineStart } from './lines.ts';
import { type Node, type ParsedModule, countNames } from './parse-module.ts';

/** How a root came to be wrapped: around what it returns, or by a component of its own around a root with several returns. */
export type WrapAnchor = 'wrap' | 'wrapper';

export interface Wrapped {
  anchor: WrapAnchor;
  /** What was replaced, null when text was only added. */
  replaced: string | null;
}

/**
 * Puts the element `<name>` around what a root component renders. Gives a reason instead when no place is safe. A root that returns one
 * tree is wrapped there; one that returns several is rendered by a new component. Where it cannot be rendered by its name alone, each
 * tree is wrapped: React keeps a wrapper mounted that is outermost in all of them.
 */
export function wrapRoot(
  module: ParsedModule,
  component: Component,
  name: string,
  out: MagicString,
): Wrapped | { reason: string } {
  const returns = findReturns(component.render);
  if (returns.length === 0) return { reason: 'its component returns nothing to wrap' };
  const unfit = returns.map(({ expression }) => unfitReason(expression)).find((reason) => reason !== undefined);
  if (unfit !== undefined) return { reason: unfit };
  const style = readCodeStyle(module);
  const [only] = returns;
  if (only !== undefined && returns.length === 1) return wrapReturn(module, only, name, style, out);
  return wrapComponent(module, component, name, style, out) ?? wrapReturns(module, returns, name, style, out);
}

/** Why an expression cannot be an element's child. */
function unfitReason({ type }: Node): string | undefined {
  if (/^(?:ArrowFunction|Function|Class)Expression$/.test(type)) return 'it returns a function, so it is no component';
  return type === 'SequenceExpression' ? 'it returns several expressions with commas between them' : undefined;
}

/** Each tree is wrapped where it stands, its parentheses left as they are. */
function wrapReturns(
  module: ParsedModule,
  returns: readonly Returned[],
  name: string,
  style: CodeStyle,
  out: MagicString,
): Wrapped {
  for (const returned of returns) if (!wrapInLines(module, returned, name, style, out)) wrapInLine(returned, name, out);
  return { anchor: 'wrap', replaced: null };
}

function wrapReturn(
  module: ParsedModule,
  returned: Returned,
  name: string,
  style: CodeStyle,
  out: MagicString,
): Wrapped {
  const { text } = module;
  const { shell, expression } = returned;
  const onlyParentheses =
    /^[(\s]*$/.test(text.slice(shell.start, expression.start)) &&
    /^[)\s]*$/.test(text.slice(expression.end, shell.end));
  if (wrapInLines(module, returned, name, style, out)) return { anchor: 'wrap', replaced: null };
  if (!onlyParentheses) {
    wrapInLine(returned, name, out);
    return { anchor: 'wrap', replaced: null };
  }
  const [open, close] = bracesFor(expression);
  const outer = indentationAt(text, shell.start);
  const inner = outer + style.indent;
  const before = `(${style.eol}${inner}<${name}>${style.eol}${inner}${style.indent}${open}`;
  const after = `${close}${style.eol}${inner}</${name}>${style.eol}${outer})`;
  indentLines(module, nextLineStart(text, expression.start), expression.end, style.indent + style.indent, out);
  replaceSpan(out, shell.start, expression.start, before, 'right');
  replaceSpan(out, expression.end, shell.end, after, 'left');
  return { anchor: 'wrap', replaced: text.slice(shell.start, shell.end) };
}

/** Tags on lines of their own around a tree in parentheses that has lines of its own; false where it has none. */
function wrapInLines(
  module: ParsedModule,
  { shell, expression }: Returned,
  name: string,
  style: CodeStyle,
  out: MagicString,
): boolean {
  const { text } = module;
  if (shell === expression || !fillsItsLines(text, expression.start, expression.end)) return false;
  const [open, close] = bracesFor(expression);
  const indent = indentationAt(text, expression.start);
  const start = lineStart(text, expression.start);
  out.appendRight(start, `${indent}<${name}>${style.eol}`);
  indentLines(module, start, expression.end, style.indent, out);
  out.appendRight(expression.start, open);
  out.appendLeft(expression.end, close);
  const end = lineEnd(text, expression.end);
  out.appendLeft(end, `${lineBreak(text, end, style.eol)}${indent}</${name}>`);
  return true;
}

function wrapInLine({ expression }: Returned, name: string, out: MagicString): void {
  const [open, close] = bracesFor(expression);
  out.appendRight(expression.start, `<${name}>${open}`);
  out.appendLeft(expression.end, `${close}</${name}>`);
}

/** What makes a child of an expression. */
function bracesFor({ type }: Node): [string, string] {
  return type === 'JSXElement' || type === 'JSXFragment' ? ['', ''] : ['{', '}'];
}

/** Renders the root by a new component; undefined where its name alone does not stand for it. */
function wrapComponent(
  module: ParsedModule,
  component: Component,
  name: string,
  style: CodeStyle,
  out: MagicString,
): Wrapped | undefined {
  const { text } = module;
  const { statement, reference } = component;
  if (component.name === undefined || statement === undefined) return undefined;
  // JSX takes a name in lower case for an element of its own.
  if (/^[a-z]/.test(component.name) || component.takesProps) return undefined;
  const wrapper = `Connected${component.name}`;
  if (countNames(module, wrapper) > 0) return undefined;
  const declaration = printWrapper(wrapper, component.name, name, style);
  if (reference === undefined) {
    if (statement.type !== 'ExportDefaultDeclaration') return undefined;
    const replaced = text.slice(statement.start, statement.declaration.start);
    if (
      statement.declaration.type === 'ClassDeclaration' &&
      statement.declaration.decorators.some(({ start }) => start > statement.start)
    )
      return undefined;
    out.remove(statement.start, statement.declaration.start);
    out.appendLeft(statement.end, `${style.eol}${style.eol}export default ${declaration}`);
    return { anchor: 'wrapper', replaced };
  }
  const exported = module.program.body.find(
    (node) => node.type === 'ExportDefaultDeclaration' && node.declaration === reference,
  );
  if (exported !== undefined) {
    out.overwrite(exported.start, exported.end, `export default ${declaration}`);
    return { anchor: 'wrapper', replaced: text.slice(exported.start, exported.end) };
  }
  if (isExportSpecifier(module, reference)) return undefined;
  out.overwrite(reference.start, reference.end, wrapper);
  out.appendLeft(statement.end, `${style.eol}${style.eol}${declaration}`);
  return { anchor: 'wrapper', replaced: component.name };
}

function printWrapper(wrapper: string, component: string, name: string, style: CodeStyle): string {
  const { eol, indent } = style;
  return [
    `function ${wrapper}() {`,
    `${indent}return (`,
    `${indent.repeat(2)}<${name}>`,
    `${indent.repeat(3)}<${component} />`,
    `${indent.repeat(2)}</${name}>`,
    `${indent})${style.end}`,
    '}',
  ].join(eol);
}

function replaceSpan(out: MagicString, start: number, end: number, text: string, side: 'left' | 'right'): void {
  if (end > start) out.remove(start, end);
  if (side === 'right') out.prependRight(end, text);
  else out.appendLeft(start, text);
}

function isExportSpecifier(module: ParsedModule, reference: Node): boolean {
  return module.program.body.some(
    (node) =>
      node.type === 'ExportNamedDeclaration' && node.specifiers.some((specifier) => specifier.local === reference),
  );
}
