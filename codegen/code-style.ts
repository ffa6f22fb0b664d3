import type { ParsedModule } from './parse-module.ts';
import { type TextStyle, readTextStyle } from './text-style.ts';

/** How a source file is written, as far as inserted code has to follow it. */
export interface CodeStyle extends TextStyle {
  quote: "'" | '"';
  /** `;` or nothing. */
  end: ';' | '';
}

/** Reads quotes from the imports and semicolons from the top-level statements that may end in one; single quotes and semicolons when there are none. */
export function readCodeStyle(module: ParsedModule): CodeStyle {
  let quotes = 0;
  let ends = 0;
  for (const statement of module.program.body) {
    if (statement.type === 'ImportDeclaration') quotes += module.text[statement.source.start] === '"' ? 1 : -1;
    const mayEnd =
      statement.type === 'ImportDeclaration' ||
      statement.type === 'VariableDeclaration' ||
      statement.type === 'ExpressionStatement' ||
      (statement.type === 'ExportDefaultDeclaration' && statement.declaration.type === 'Identifier');
    if (mayEnd) ends += module.text[statement.end - 1] === ';' ? 1 : -1;
  }
  return { ...readTextStyle(module.text), quote: quotes > 0 ? '"' : "'", end: ends < 0 ? '' : ';' };
}
