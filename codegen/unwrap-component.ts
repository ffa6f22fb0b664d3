import type MagicString from 'magic-string';
import type { Function } from 'oxc-parser';
import { isBlank, nextLineStart, lineStart } from './lines.ts';
import { type Node, type ParsedModule, unwrapExpression, walk } from './parse-module.ts';
import type { FoundElement } from './unwrap-root.ts';

/**
 * Takes out a component that does nothing but render the root inside our element, and gives the root its old place. False when people
 * have made something else of it.
 */
export function unwrapComponent(
  module: ParsedModule,
  found: FoundElement,
  replaced: string,
  out: MagicString,
): boolean {
  const wrapper = found.ancestors.find(isFunctionDeclaration);
  const root = soleChildName(found.element);
  if (wrapper === undefined || root === undefined || wrapper.id === null || wrapper.body === null) return false;
  const [only] = wrapper.body.body;
  const isPlain = wrapper.body.body.length === 1 && only?.type === 'ReturnStatement' && wrapper.params.length === 0;
  if (!isPlain || only.argument === null || unwrapExpression(only.argument) !== found.element) return false;
  const statement = module.program.body.find((node) => node.start <= wrapper.start && node.end >= wrapper.end);
  if (statement === undefined) return false;
  if (statement.type === 'ExportDefaultDeclaration') return restoreExport(module, statement, root, replaced, out);
  const { name } = wrapper.id;
  walk(module.program, (node) => {
    if (node.type === 'Identifier' && node.name === name && node !== wrapper.id)
      out.overwrite(node.start, node.end, root);
  });
  cutStatement(module, statement, out);
  return true;
}

/** The root's declaration is exported again where it stands, or the export names it again. */
function restoreExport(
  module: ParsedModule,
  statement: Node,
  root: string,
  replaced: string,
  out: MagicString,
): boolean {
  const declaration = module.program.body.find(
    (node) => (isFunctionDeclaration(node) || node.type === 'ClassDeclaration') && node.id?.name === root,
  );
  if (declaration !== undefined && replaced.trim() === 'export default') {
    const decorators = 'decorators' in declaration ? declaration.decorators : [];
    const start = decorators.at(-1)?.end ?? declaration.start;
    out.appendRight(start + (/\S/.exec(module.text.slice(start))?.index ?? 0), replaced);
    cutStatement(module, statement, out);
    return true;
  }
  const name = root.replaceAll('$', '\\$');
  const names = new RegExp(`(?<![$\\p{ID_Continue}])${name}(?![$\\p{ID_Continue}])`, 'u').test(replaced);
  out.overwrite(statement.start, statement.end, names ? replaced : `export default ${root};`);
  return true;
}

/** Cuts a top-level statement with the blank lines before it, or with its own lines after a comment. */
function cutStatement(module: ParsedModule, statement: Node, out: MagicString): void {
  const { text } = module;
  const before = text.slice(0, statement.start).trimEnd().length;
  const previous = module.program.body.findLast((node) => node.end <= statement.start);
  if (previous !== undefined && previous.end === before) out.remove(before, statement.end);
  else if (isBlank(text, lineStart(text, statement.start), statement.start)) {
    out.remove(lineStart(text, statement.start), nextLineStart(text, statement.end));
  } else out.remove(statement.start, statement.end);
}

function isFunctionDeclaration(node: Node): node is Function {
  return node.type === 'FunctionDeclaration';
}

/** The name of the one component inside an element, when it stands there without props. */
function soleChildName(element: FoundElement['element']): string | undefined {
  const [only, ...rest] = element.children.filter((child) => child.type !== 'JSXText' || child.value.trim() !== '');
  if (only?.type !== 'JSXElement' || rest.length > 0 || only.openingElement.attributes.length > 0) return undefined;
  const tag = only.openingElement.name;
  return tag.type === 'JSXIdentifier' && only.closingElement === null ? tag.name : undefined;
}
