import type { TextStyle } from './text-style.ts';

export interface JsonItem {
  /** Name of the property; undefined in an array. */
  name?: string;
  value: unknown;
}

/** How items are set around an offset. */
export interface Layout {
  style: TextStyle;
  /** Indentation of an item's further lines; undefined where items stand on one line. */
  indentation: string | undefined;
  /** What follows the comma between two items. */
  separator: string;
  colon: string;
  /** In code, the quotes of its texts. */
  quote: "'" | '"' | undefined;
}

/** A value, with its name where it has one. */
export function printItem(item: JsonItem, layout: Layout): string {
  const value = printValue(item.value, layout);
  return item.name === undefined ? value : `${printName(item.name, layout)}${layout.colon}${value}`;
}

/** A value on one line where its neighbours are, else over lines as formatters print it. */
export function printValue(value: unknown, layout: Layout): string {
  const { indentation, style, quote } = layout;
  if (indentation === undefined) return printInline(value, layout);
  if (quote !== undefined) return printCode(value, layout, indentation);
  return JSON.stringify(value, null, style.indent)
    .split('\n')
    .join(style.eol + indentation);
}

/** As formatters print code: on one line where it fits, else one element a line. */
function printCode(value: unknown, layout: Layout, indentation: string): string {
  const inline = printInline(value, layout);
  if (indentation.length + inline.length < lineWidth || typeof value !== 'object' || value === null) return inline;
  const inner = indentation + layout.style.indent;
  const items = Array.isArray(value)
    ? value.map((item) => printCode(item, layout, inner))
    : Object.entries(value).map(([name, item]) => `${printName(name, layout)}: ${printCode(item, layout, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const { eol } = layout.style;
  return `${open}${eol}${items.map((item) => `${inner}${item},${eol}`).join('')}${indentation}${close}`;
}

const lineWidth = 80;

function printText(text: string, { quote }: Layout): string {
  const printed = JSON.stringify(text);
  return quote === "'" ? `'${printed.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'` : printed;
}

function printName(name: string, layout: Layout): string {
  return layout.quote !== undefined && /^[a-z_$][\w$]*$/i.test(name) ? name : printText(name, layout);
}

function printInline(value: unknown, layout: Layout): string {
  if (typeof value === 'string') return printText(value, layout);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const comma = layout.colon === ':' ? ',' : ', ';
  if (Array.isArray(value)) return `[${value.map((item) => printInline(item, layout)).join(comma)}]`;
  const properties = Object.entries(value).map(
    ([name, item]) => `${printName(name, layout)}${layout.colon}${printInline(item, layout)}`,
  );
  const [open, close] = comma === ',' || properties.length === 0 ? ['{', '}'] : ['{ ', ' }'];
  return `${open}${properties.join(comma)}${close}`;
}
