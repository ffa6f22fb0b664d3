const inline = /\/\* @if (!?)(\w+) \*\/(.*?)\/\* @end \*\//g;
const opening = /^\s*\/\/ @if (!?)(\w+)$/;
const closing = /^\s*\/\/ @end$/;

/**
 * A template's text without the regions whose flag is off, then with each text of `replace` put in place of its key. A region
 * stands between the line comments `@if flag` and `@end`, nested or not, or between block comments of the same words within
 * one line; `!flag` means the opposite.
 */
export function renderTemplate(
  template: string,
  flags: Readonly<Record<string, boolean>>,
  replace: Readonly<Record<string, string>>,
): string {
  const isOn = (not: string | undefined, flag: string | undefined): boolean => {
    const value = flags[flag ?? ''];
    if (value === undefined) throw new Error(`A template asks for the flag "${flag}", which is not there.`);
    return value !== (not === '!');
  };
  const kept: string[] = [];
  const open: boolean[] = [];
  for (const line of template.split('\n')) {
    const begins = opening.exec(line);
    if (begins) open.push(isOn(begins[1], begins[2]));
    else if (closing.test(line)) open.pop();
    else if (!open.includes(false)) {
      kept.push(line.replaceAll(inline, (_, not: string, flag: string, text: string) => (isOn(not, flag) ? text : '')));
    }
  }
  let text = kept.join('\n');
  for (const [from, to] of Object.entries(replace)) text = text.replaceAll(from, () => to);
  return text;
}

/** A JavaScript string literal as Prettier writes it: single quotes unless the text has more of them than double ones. */
export function quoted(text: string): string {
  const singles = text.split("'").length;
  const doubles = text.split('"').length;
  const quote = singles > doubles ? '"' : "'";
  const escaped = text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n');
  return `${quote}${escaped}${quote}`;
}
