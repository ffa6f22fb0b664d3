import { lineOf } from './log-text.ts';

/**
 * Text that tools of the app wrote, as one line of at most so many characters in which no Markdown works: a span of code
 * makes no mention, link, reference, image or HTML. It may stand in a table.
 */
export function plainLine(text: string, charactersAtMost: number): string {
  const line = lineOf(text, charactersAtMost).replace(/<!--(\s*)graft/gi, '<!- -$1graft');
  if (line === '') return '';
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  // A pipe behind a backslash would end its cell in some readers.
  const shown = line.replaceAll('\\|', '\\ |').replaceAll('|', '\\|');
  return `${ticks}${pad}${shown}${pad}${ticks}`;
}
