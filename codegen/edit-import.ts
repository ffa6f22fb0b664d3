import type MagicString from 'magic-string';
import { type CodeStyle } from './code-style.ts';
import { fillsItsLines, isBlank, lineBreak, lineEnd, lineStart, nextLineStart, wholeLines } from './lines.ts';
import type { Node, ParsedModule } from './parse-module.ts';
import { meansModule } from './specifiers.ts';

export interface NamedImport {
  statement: Extract<Node, { type: 'ImportDeclaration' }>;
  specifier: Extract<Node, { type: 'ImportSpecifier' }>;
  /** Name under which the module uses it. */
  local: string;
}

/** The import of `name` from `module` (a path from the app folder, without ending) in the file at `path`. */
export function findImport(parsed: ParsedModule, path: string, name: string, module: string): NamedImport | undefined {
  for (const statement of parsed.program.body) {
    if (statement.type !== 'ImportDeclaration' || !meansModule(path, statement.source.value, module)) continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type !== 'ImportSpecifier' || specifier.imported.type !== 'Identifier') continue;
      if (specifier.imported.name === name) return { statement, specifier, local: specifier.local.name };
    }
  }
  return undefined;
}

/** The statement that imports one name. */
export function printImport(name: string, specifier: string, style: CodeStyle): string {
  return `import { ${name} } from ${style.quote}${specifier}${style.quote}${style.end}`;
}

/** Adds an import on a line of its own after the last one; first of all, but for directives, in a file that has none. */
export function insertImport(parsed: ParsedModule, out: MagicString, text: string, style: CodeStyle): void {
  const source = parsed.text;
  const last = parsed.program.body.findLast((node) => node.type === 'ImportDeclaration' || isDirective(node));
  if (last === undefined) return insertFirst(parsed, out, text, style);
  const line = lineEnd(source, last.end);
  const open = parsed.comments.find(({ start, end }) => start >= last.end && start < line && end > line);
  const after = open?.end ?? last.end;
  const end = lineEnd(source, after);
  const restOfLine = parsed.program.body.some((node) => node.start >= last.end && node.start < end);
  if (restOfLine) out.appendLeft(after, ` ${text}${style.end === '' ? ';' : ''}`);
  else out.appendLeft(end, lineBreak(source, end, style.eol) + text);
}

/** Adds an import above all code, but below what the file says about itself: its first line for a shell, its licence, its settings for tools. */
function insertFirst(
  { text: source, program, comments }: ParsedModule,
  out: MagicString,
  text: string,
  style: CodeStyle,
): void {
  const code = program.body[0]?.start ?? source.length;
  const header = comments.findLast(({ start, end, value }) => {
    const next = source.slice(nextLineStart(source, end));
    return end <= code && start < code && (fileSettings.test(value) || /^[ \t]*\r?\n/.test(next));
  });
  const end = header?.end ?? (source.startsWith('#!') ? lineEnd(source, 0) : 0);
  if (end > 0 && !isBlank(source, end, lineEnd(source, end))) {
    return void out.appendLeft(end, ` ${text}${style.end === '' ? ';' : ''}`);
  }
  const blank = end === 0 ? 0 : source.slice(end).length - source.slice(end).trimStart().length;
  out.appendLeft(blank === 0 ? end : lineStart(source, end + blank), text + style.eol);
}

/** What linters, compilers and people look for in the first comments of a file. */
const fileSettings = /@(?:ts-(?:no)?check|jsx|flow|format|license)|\b(?:eslint|oxlint)(?:-disable|-env)?(?:\s|$)/;

/** Takes a named import out: its whole statement, line included, when it is the only name in it. */
export function removeImport(parsed: ParsedModule, out: MagicString, { statement, specifier }: NamedImport): void {
  const { text } = parsed;
  const { specifiers } = statement;
  if (specifiers.length === 1) {
    if (fillsItsLines(text, statement.start, statement.end)) {
      const lines = wholeLines(text, statement.start, statement.end);
      out.remove(lines.start, lines.end);
    } else out.remove(text[statement.start - 1] === ' ' ? statement.start - 1 : statement.start, statement.end);
    return;
  }
  const index = specifiers.indexOf(specifier);
  const next = specifiers[index + 1];
  const previous = specifiers[index - 1];
  if (next !== undefined) out.remove(specifier.start, next.start);
  else if (previous?.type === 'ImportDefaultSpecifier') {
    out.remove(previous.end, text.indexOf('}', specifier.end) + 1);
  } else if (previous !== undefined) out.remove(previous.end, specifier.end);
}

function isDirective(node: Node): boolean {
  return node.type === 'ExpressionStatement' && 'directive' in node && typeof node.directive === 'string';
}
