/** A heading of the second level with what stands under it; nothing when there is nothing to say. */
export function section(heading: string, ...parts: readonly (string | undefined)[]): string | undefined {
  const said = parts.filter((part) => part !== undefined && part !== '');
  return said.length === 0 ? undefined : [`## ${heading}`, ...said].join('\n\n');
}

/** A table; each cell is Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string | undefined {
  if (rows.length === 0) return undefined;
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function list(items: readonly string[]): string | undefined {
  return items.length === 0 ? undefined : items.map((item) => `- ${item}`).join('\n');
}

/** A code span of one line, whatever backticks the text has. */
export function code(text: string): string {
  const ticks = '`'.repeat(longestRun(text) + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${oneLine(text)}${pad}${ticks}`;
}

/** A block of code that its own backticks cannot end. */
export function fence(text: string, language: string): string {
  const ticks = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${ticks}${language}\n${text.replace(/\n$/, '')}\n${ticks}`;
}

/**
 * A sentence from data as Markdown: tools of the app wrote parts of it, so it makes no HTML, no link, no image and no
 * mention; code spans in it stay, and names such as `@scope/package` become one.
 */
export function prose(text: string): string {
  return oneLine(text)
    .split(/(`[^`]*`)/)
    .map((part) => (/^`.*`$/.test(part) ? part : plain(part)))
    .join('');
}

function plain(text: string): string {
  return text
    .replace(/[<[\]]/g, (character) => (character === '<' ? '&lt;' : `\\${character}`))
    .replace(/(?<![\w`])@[\w-]+(?:\/[\w.-]+)?/g, (name) => `\`${name}\``);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
