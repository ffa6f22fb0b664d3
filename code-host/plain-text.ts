/** One line of at most so many characters. */
export function lineOf(text: string, charactersAtMost: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= charactersAtMost ? line : `${line.slice(0, charactersAtMost - 1).toWellFormed()}…`;
}

/** One line as a span of code, whatever backticks it has: in it nothing makes a mention, link, reference, image or HTML. */
export function codeSpan(line: string): string {
  const shown = withoutMarks(line);
  const ticks = '`'.repeat(longestRun(shown) + 1);
  const pad = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${shown}${pad}${ticks}`;
}

/** Text that tools of the app wrote, as one line of at most so many characters in which no Markdown works. It may stand in a table. */
export function plainLine(text: string, charactersAtMost: number): string {
  const line = lineOf(text, charactersAtMost);
  return line === '' ? '' : inCell(codeSpan(line));
}

/** What may stand in a cell of a table: a pipe behind a backslash would end it in some readers, and give what follows a meaning. */
export function inCell(markdown: string): string {
  return markdown.replaceAll('\\|', '\\ |').replaceAll('|', '\\|');
}

/** Takes the meaning from marks such as `<!-- graft:abort -->`, which are read out of the text as it is written. */
export function withoutMarks(text: string): string {
  return text.replace(/<!--(\s*)graft/gi, '<!- -$1graft');
}

/** How many backticks stand side by side at most. */
export function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
