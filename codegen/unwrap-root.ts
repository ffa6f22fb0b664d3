import type MagicString from 'magic-string';
import { outdentLines } from './indent-lines.ts';
import { fillsItsLines, indentationAt, isBlank, nextLineStart, wholeLines } from './lines.ts';
import { type Node, type ParsedModule, parseModule, unwrapExpression, walk } from './parse-module.ts';
import { unwrapComponent } from './unwrap-component.ts';
import type { Wrapped } from './wrap-root.ts';

type Element = Extract<Node, { type: 'JSXElement' }>;

type ExpressionContainer = Extract<Node, { type: 'JSXExpressionContainer' }>;

export interface FoundElement {
  element: Element;
  ancestors: readonly Node[];
}

/** Every element of this name in the module that has children. */
export function findElements(module: ParsedModule, name: string): FoundElement[] {
  const found: FoundElement[] = [];
  if (!module.text.includes(`<${name}`)) return found;
  walk(module.program, (node, ancestors) => {
    if (node.type !== 'JSXElement' || node.closingElement === null) return;
    const tag = node.openingElement.name;
    if (tag.type === 'JSXIdentifier' && tag.name === name) found.push({ element: node, ancestors: [...ancestors] });
  });
  return found;
}

/** Puts an element's children in its place; what people put around or inside it stays. `wrapped` is what the wrapping replaced. */
export function unwrapElement(module: ParsedModule, found: FoundElement, wrapped: Wrapped, out: MagicString): void {
  const { element, ancestors } = found;
  const parent = ancestors.at(-1);
  const children = element.children.filter((child) => !isSpace(child));
  const inJsx = parent?.type === 'JSXElement' || parent?.type === 'JSXFragment';
  const [only] = children;
  if (wrapped.anchor === 'wrapper' && unwrapComponent(module, found, wrapped.replaced ?? '', out)) return;
  if (only === undefined) return void replaceEmpty(module, element, inJsx, out);
  const standsAlone = only.type === 'JSXElement' || only.type === 'JSXFragment' || isExpression(only);
  if (!inJsx && (children.length > 1 || !standsAlone)) return toFragment(element, out);
  const kept = { start: only.start, end: children.at(-1)?.end ?? only.end };
  const before = wrapped.anchor === 'wrap' ? wrapped.replaced : null;
  const restored =
    before !== null &&
    ((parent?.type === 'ParenthesizedExpression' && restoreShell(module, parent, element, kept, before, out)) ||
      (parent?.type === 'JSXElement' && restoreLine(module, parent, element, kept, before, out)));
  if (!restored) cutTags(module, element, kept, out);
  if (!inJsx && isExpression(only)) cutBraces(module.text, only, out);
}

interface Span {
  start: number;
  end: number;
}

/** Puts back what stood around the tree before, when nothing else has come in between and the tree is as long as it was. */
function restoreShell(
  module: ParsedModule,
  shell: Node,
  element: Element,
  kept: Span,
  replaced: string,
  out: MagicString,
): boolean {
  const { text } = module;
  const untouched = isBlank(text, shell.start + 1, element.start) && isBlank(text, element.end, shell.end - 1);
  const before = splitShell(replaced);
  if (before === undefined) return false;
  const { prefix, suffix } = before;
  const grew = text.slice(kept.start, kept.end).includes('\n') && !before.tree.includes('\n');
  if (!untouched || grew) return false;
  out.overwrite(shell.start, kept.start, prefix);
  if (suffix === '') out.remove(kept.end, shell.end);
  else out.overwrite(kept.end, shell.end, suffix);
  const step = stepBetween(indentationAt(text, shell.start), indentationAt(text, kept.start));
  outdentLines(module, nextLineStart(text, kept.start), kept.end, step, out);
  return true;
}

/** Puts a `<body>` back on one line, when nothing else has come in between and what it holds is still on one. */
function restoreLine(
  { text }: ParsedModule,
  { openingElement: opening, closingElement: closing }: Element,
  element: Element,
  kept: Span,
  before: string,
  out: MagicString,
): boolean {
  const isBody = opening.name.type === 'JSXIdentifier' && opening.name.name === 'body' && closing !== null;
  if (!isBody || `${before}${text.slice(kept.start, kept.end)}`.includes('\n')) return false;
  if (!isBlank(text, opening.end, element.start) || !isBlank(text, element.end, closing.start)) return false;
  out.remove(opening.end, kept.start);
  out.remove(kept.end, closing.start);
  return true;
}

/** A replaced expression in three: the parentheses around its tree, before and after it. */
function splitShell(replaced: string): { prefix: string; tree: string; suffix: string } | undefined {
  const module = parseModule('replaced.tsx', `(${replaced})`);
  const statement = 'fault' in module ? undefined : module.program.body[0];
  if (statement?.type !== 'ExpressionStatement') return undefined;
  const tree = unwrapExpression(statement.expression);
  const [start, end] = [tree.start - 1, tree.end - 1];
  return { prefix: replaced.slice(0, start), tree: replaced.slice(start, end), suffix: replaced.slice(end) };
}

/** Cuts both tags, with their lines where they have lines of their own; then the lines between move out again. */
function cutTags(module: ParsedModule, element: Element, kept: Span, out: MagicString): void {
  const { text } = module;
  const { openingElement: opening, closingElement: closing } = element;
  const end = closing ?? opening;
  if (!fillsItsLines(text, opening.start, opening.end) || !fillsItsLines(text, end.start, end.end)) {
    out.remove(element.start, kept.start);
    out.remove(kept.end, element.end);
    return;
  }
  const first = wholeLines(text, opening.start, opening.end);
  const last = wholeLines(text, end.start, end.end);
  out.remove(first.start, first.end);
  out.remove(last.start, last.end);
  const step = stepBetween(indentationAt(text, opening.start), indentationAt(text, kept.start));
  outdentLines(module, first.end, last.start, step, out);
}

/** The braces of an expression that goes back to where no JSX is around it. */
function cutBraces(text: string, container: ExpressionContainer, out: MagicString): void {
  const { expression, start, end } = container;
  out.remove(start, isBlank(text, start + 1, expression.start) ? expression.start : start + 1);
  out.remove(isBlank(text, expression.end, end - 1) ? expression.end : end - 1, end);
}

/** What an inner line is indented by beyond an outer one. */
function stepBetween(outer: string, inner: string): string {
  return inner.length > outer.length ? inner.slice(0, inner.length - outer.length) : '';
}

function toFragment(element: Element, out: MagicString): void {
  const { openingElement: opening, closingElement: closing } = element;
  out.overwrite(opening.start, opening.end, '<>');
  if (closing !== null) out.overwrite(closing.start, closing.end, '</>');
}

function replaceEmpty(module: ParsedModule, element: Element, inJsx: boolean, out: MagicString): void {
  if (!inJsx) return void out.overwrite(element.start, element.end, 'null');
  const whole = fillsItsLines(module.text, element.start, element.end);
  const span = whole ? wholeLines(module.text, element.start, element.end) : element;
  out.remove(span.start, span.end);
}

function isSpace(node: Node): boolean {
  return node.type === 'JSXText' && node.value.trim() === '';
}

function isExpression(node: Node): node is ExpressionContainer {
  return node.type === 'JSXExpressionContainer' && node.expression.type !== 'JSXEmptyExpression';
}
