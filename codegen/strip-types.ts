import MagicString from 'magic-string';
import type {
  Class,
  ExportNamedDeclaration,
  ImportDeclaration,
  MethodDefinition,
  PropertyDefinition,
  TSAsExpression,
  TSInstantiationExpression,
  TSNonNullExpression,
  TSSatisfiesExpression,
  TSTypeAssertion,
} from 'oxc-parser';
import { GraftError } from '../contract/errors.ts';
import { isBlank, lineEnd, lineStart, nextLineStart } from './lines.ts';
import { type Node, type ParsedModule, childrenOf, parseModule, unwrapExpression } from './parse-module.ts';

/** The path of a generated file in an app of this language: `.ts` and `.tsx` become `.js` and `.jsx` where there is no TypeScript. */
export function generatedPath(path: string, language: 'typescript' | 'javascript'): string {
  return language === 'javascript' ? path.replace(/\.ts(x?)$/, '.js$1') : path;
}

/**
 * A `.ts` or `.tsx` text as JavaScript: type spans are cut, everything else stays byte for byte; a declaration that vanishes takes its
 * lines and its comment with it. Throws `cannot_edit` for syntax that is not erasable.
 */
export function stripTypes(path: string, text: string): string {
  const module = parseModule(path, text);
  if ('fault' in module) throw new GraftError('cannot_edit', `${path} does not parse: ${module.fault}`);
  const out = new MagicString(text);
  strip(module, module.program, out);
  const result = trimEdges(out.toString(), text);
  const check = parseModule(generatedPath(path, 'javascript'), result);
  if ('fault' in check) {
    throw new GraftError(
      'cannot_edit',
      `${path} cannot be written as JavaScript, only erasable types can: ${check.fault}`,
    );
  }
  return result;
}

/** Blank lines that only stand at an edge because a declaration beyond them is gone go too. */
function trimEdges(result: string, text: string): string {
  const start = text.startsWith('\n') ? result : result.replace(/^\n+/, '');
  return text.endsWith('\n\n') ? start : start.replace(/\n+$/, '\n');
}

function strip(module: ParsedModule, node: Node, out: MagicString): void {
  if (isTypeStatement(module, node)) return cutStatement(module, node, out);
  if (node.type === 'TSTypeAnnotation') return cutAnnotation(module, node, out);
  if (node.type === 'TSTypeParameterDeclaration' || node.type === 'TSTypeParameterInstantiation') {
    return void out.remove(node.start, node.end);
  }
  if (isAssertion(node)) {
    out.remove(node.start, node.expression.start).remove(node.expression.end, node.end);
    return strip(module, node.expression, out);
  }
  if (node.type === 'ParenthesizedExpression' && isAssertion(node.expression)) {
    const inner = unwrapExpression(node.expression);
    if (/^(?:Identifier|CallExpression|MemberExpression)$/.test(inner.type)) {
      out.remove(node.start, node.start + 1).remove(node.end - 1, node.end);
    }
  }
  if (node.type === 'ImportDeclaration') return stripNames(module, node, out);
  if (node.type === 'ExportNamedDeclaration' && node.declaration === null) return stripNames(module, node, out);
  if (node.type === 'PropertyDefinition' || node.type === 'MethodDefinition') {
    if (node.type === 'PropertyDefinition' && node.declare) return cutStatement(module, node, out);
    cutModifiers(module, node, out);
  }
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') cutClassTypes(module, node, out);
  if (node.type === 'Identifier' && isOptional(node)) cutMark(module, node.start + node.name.length, out);
  const self = selfParameter(node);
  if (self !== undefined) out.remove(self.start, self.next);
  for (const child of childrenOf(node)) {
    if (child.type !== 'TSClassImplements' && child.start !== self?.start) strip(module, child, out);
  }
}

type Assertion =
  | TSAsExpression
  | TSSatisfiesExpression
  | TSNonNullExpression
  | TSInstantiationExpression
  | TSTypeAssertion;

function isAssertion(node: Node): node is Assertion {
  return /^TS(?:As|Satisfies|NonNull|Instantiation)Expression$|^TSTypeAssertion$/.test(node.type);
}

/** The `this` that a function may name first of its parameters, to the beginning of what follows. */
function selfParameter(node: Node): { start: number; next: number } | undefined {
  if (!('params' in node) || !Array.isArray(node.params)) return undefined;
  const [first, second] = node.params;
  if (first?.type !== 'Identifier' || first.name !== 'this') return undefined;
  return { start: first.start, next: second?.start ?? first.end };
}

function isTypeStatement(module: ParsedModule, node: Node): boolean {
  switch (node.type) {
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSDeclareFunction':
    case 'TSIndexSignature':
    case 'TSAbstractMethodDefinition':
    case 'TSAbstractPropertyDefinition':
      return true;
    case 'MethodDefinition':
      return node.value.body === null;
    case 'ImportDeclaration':
      return node.importKind === 'type' || areTypes(module, node.specifiers);
    case 'ExportNamedDeclaration':
      if (node.declaration !== null) return isTypeStatement(module, node.declaration);
      return node.exportKind === 'type' || areTypes(module, node.specifiers);
    case 'ExportDefaultDeclaration':
      return isTypeStatement(module, node.declaration);
    case 'ExportAllDeclaration':
      return node.exportKind === 'type';
    case 'VariableDeclaration':
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
    case 'TSModuleDeclaration':
      return node.declare === true;
    default:
      return false;
  }
}

function areTypes(module: ParsedModule, names: readonly Node[]): boolean {
  return names.length > 0 && names.every((name) => isTypeName(module, name));
}

/** Is a name of an import or export a type: marked as one, or declared as one in this module? */
function isTypeName({ program }: ParsedModule, name: Node): boolean {
  if (name.type === 'ImportSpecifier') return name.importKind === 'type';
  if (name.type !== 'ExportSpecifier') return false;
  if (name.exportKind === 'type') return true;
  const { local } = name;
  const declared = program.body.filter((one) => local.type === 'Identifier' && declares(one, local.name));
  return declared.length > 0 && declared.every((one) => /^TS(?:Interface|TypeAlias)/.test(one.type));
}

function declares(statement: Node, name: string): boolean {
  if (statement.type === 'VariableDeclaration')
    return statement.declarations.some(({ id }) => id.type === 'Identifier' && id.name === name);
  return 'id' in statement && statement.id?.type === 'Identifier' && statement.id.name === name;
}

/** Cuts the names that are types, with the braces when no other is in them. */
function stripNames(
  module: ParsedModule,
  { specifiers, source }: ImportDeclaration | ExportNamedDeclaration,
  out: MagicString,
): void {
  const kept: readonly Node[] = specifiers.filter((specifier) => !isTypeName(module, specifier));
  const [only] = kept;
  if (only?.type === 'ImportDefaultSpecifier' && kept.length === 1 && specifiers.length > 1) {
    return void out.remove(only.end, module.text.lastIndexOf('}', source?.start) + 1);
  }
  for (const [index, specifier] of specifiers.entries()) {
    if (!isTypeName(module, specifier)) continue;
    const next = specifiers[index + 1];
    const before = kept.findLast((other) => other.end <= specifier.start);
    if (next !== undefined) out.remove(specifier.start, next.start);
    else out.remove(before?.end ?? specifier.start, specifier.end);
  }
}

/** Cuts a statement with its lines and the comment right above it; of two blank lines that then meet, one stays. */
function cutStatement(module: ParsedModule, node: Node, out: MagicString): void {
  const { text } = module;
  if (!isBlank(text, lineStart(text, node.start), node.start) || !isBlank(text, node.end, lineEnd(text, node.end))) {
    return void out.remove(node.start, node.end);
  }
  let start = lineStart(text, node.start);
  for (const comment of module.comments.toReversed()) {
    const above =
      comment.end <= start && comment.start > 0 && isBlank(text, lineStart(text, comment.start), comment.start);
    if (above && nextLineStart(text, comment.end) === start) start = lineStart(text, comment.start);
  }
  let end = nextLineStart(text, node.end);
  const blankBefore = start === 0 || lineEnd(text, lineStart(text, start - 1)) === lineStart(text, start - 1);
  if (blankBefore && end < text.length && lineEnd(text, end) === end) end = nextLineStart(text, end);
  out.remove(start, end);
}

/** Cuts `: T`, with the mark of a definite assignment before it. */
function cutAnnotation(module: ParsedModule, node: Node, out: MagicString): void {
  const mark = module.text.slice(0, node.start).trimEnd().length - 1;
  out.remove(module.text[mark] === '!' ? mark : node.start, node.end);
}

function isOptional(node: object): boolean {
  return 'optional' in node && node.optional === true;
}

function cutMark(module: ParsedModule, from: number, out: MagicString): void {
  const at = module.text.indexOf('?', from);
  if (at !== -1 && isBlank(module.text, from, at)) out.remove(at, at + 1);
}

function cutModifiers(module: ParsedModule, node: PropertyDefinition | MethodDefinition, out: MagicString): void {
  const head = module.text.slice(node.start, node.key.start);
  for (const modifier of head.matchAll(/\b(?:private|protected|public|readonly|override|abstract)\s+/g)) {
    out.remove(node.start + modifier.index, node.start + modifier.index + modifier[0].length);
  }
  if (node.optional) cutMark(module, node.key.end, out);
}

function cutClassTypes(module: ParsedModule, node: Class, out: MagicString): void {
  if (node.abstract) {
    const at = module.text.indexOf('abstract', node.start);
    out.remove(at, at + 'abstract '.length);
  }
  const last = node.implements?.at(-1);
  if (last === undefined) return;
  const head = node.superTypeArguments ?? node.superClass ?? node.typeParameters ?? node.id;
  out.remove(head?.end ?? node.start + 'class'.length, last.end);
}
