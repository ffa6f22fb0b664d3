import { codeSpan, inCell, longestRun, withoutMarks } from '../code-host/plain-text.ts';

/** A heading of the second level with what stands under it; nothing when there is nothing to say. */
export function section(heading: string, ...parts: readonly (string | undefined)[]): string | undefined {
  const said = parts.filter((part) => part !== undefined && part !== '');
  return said.length === 0 ? undefined : [`## ${heading}`, ...said].join('\n\n');
}

/** A table; each cell is Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string | undefined {
  if (rows.length === 0) return undefined;
  const line = (cells: readonly string[]): string => `| ${cells.map(inCell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function list(items: readonly string[]): string | undefined {
  return items.length === 0 ? undefined : items.map((item) => `- ${item}`).join('\n');
}

/** A code span of one line, whatever backticks the text has. */
export function code(text: string): string {
  return codeSpan(oneLine(text));
}

/** A block of code that its own backticks cannot end. */
export function fence(text: string, language: string): string {
  const ticks = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${ticks}${/^\w*$/.test(language) ? language : ''}\n${withoutMarks(text).replace(/\n$/, '')}\n${ticks}`;
}

/**
 * A sentence from data as Markdown: tools of the app wrote parts of it, so it makes no HTML, no link, no image, no mention,
 * no reference to an issue and no tick box; code spans in it stay, and what a host would link becomes one.
 */
export function prose(text: string): string {
  const spans = oneLine(text)
    .split(/((?<!`)`[^`]+`(?!`))/)
    .flatMap((part, at) => (at % 2 === 1 ? [part] : plainSpans(part)))
    .filter((part) => part !== '');
  // Two code spans side by side would share their backticks.
  const line = spans.reduce((all, span) => all + (all.endsWith('`') && span.startsWith('`') ? ' ' : '') + span, '');
  return withoutMarks(line.replace(/^[#>+=~-]/, '\\$&'));
}

/** What a host makes a link of by itself: addresses, people and teams, issues and pull requests. */
const linked =
  /((?:[a-z][a-z0-9+.-]*:\/\/|www\.)[^\s`]*[^\s`.,;:!?)\]'"]|[\w.+/@-]*@[\w./@-]*\w|[\w./-]*#\d+|\bgh-\d+)/i;

function plainSpans(text: string): string[] {
  return text.split(linked).map((part, at) => (at % 2 === 1 ? `\`${part}\`` : escaped(part)));
}

function escaped(text: string): string {
  return text
    .replace(/[\\`[\]*$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');
}

function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is meant: they would change how the rest is read
  const hidden = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
  return text.replace(/\s+/g, ' ').replace(hidden, '\ufffd').trim();
}
