import { isDeepStrictEqual } from 'node:util';
import { type Node as JsonNode, type ParseError, findNodeAtLocation, parseTree } from 'jsonc-parser';
import { GraftError } from '../contract/errors.ts';
import { indentationAt, isBlank, lineStart } from './lines.ts';
import { type JsonItem, type Layout, printItem, printValue } from './print-item.ts';
import { readTextStyle } from './text-style.ts';

/** A JSON text and its syntax tree; or a module with an object literal in it, which is edited alike. */
export interface JsonDocument {
  text: string;
  root: JsonNode;
  code?: { file: string; quote: "'" | '"'; reread(text: string): JsonDocument | undefined };
}

export type JsonPath = readonly (string | number)[];

/** Parses JSON with comments and trailing commas; undefined when it is not that. */
export function parseJson(text: string): JsonDocument | undefined {
  const faults: ParseError[] = [];
  const root = parseTree(text, faults, { allowTrailingComma: true });
  return root === undefined || faults.length > 0 ? undefined : { text, root };
}

/** The node at a path, undefined where there is none. */
export function nodeAt(document: JsonDocument, path: JsonPath): JsonNode | undefined {
  return findNodeAtLocation(document.root, [...path]);
}

/** What the node at a path says, undefined where there is none. */
export function valueAt(document: JsonDocument, path: JsonPath): unknown {
  const node = nodeAt(document, path);
  return node === undefined ? undefined : plainValue(node);
}

/** The edited text, once it is checked to hold the document's value with only what is at `path` changed; throws `cannot_edit` else. */
export function checkEdit(
  file: string,
  document: JsonDocument,
  text: string,
  path: JsonPath,
  intended: unknown,
): string {
  const result = document.code === undefined ? parseJson(text) : document.code.reread(text);
  const expected = withValueAt(plainValue(document.root), path, intended);
  if (result !== undefined && isDeepStrictEqual(plainValue(result.root), expected)) return text;
  const twice = findDuplicate(document.root);
  const fix =
    twice === undefined ? 'Format it as plain JSON' : `It names "${twice}" twice in one place. Leave one of them`;
  throw new GraftError('cannot_edit', `${file} could not be edited in its own style. ${fix}, then try again.`);
}

/** A property that stands twice in one object, where readers disagree on which of them counts. */
function findDuplicate(node: JsonNode): string | undefined {
  const children = node.children ?? [];
  const names = node.type === 'object' ? children.map(({ children: [name] = [] }) => String(name?.value)) : [];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice ?? children.map(findDuplicate).find((found) => found !== undefined);
}

/** jsonc-parser's own objects have no prototype, so that they would equal no other object. */
function plainValue(node: JsonNode): unknown {
  const children = node.children ?? [];
  if (node.type === 'array') return children.map(plainValue);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries(
    children.flatMap(({ children: [name, value] = [] }) =>
      name === undefined || value === undefined ? [] : [[String(name.value), plainValue(value)]],
    ),
  );
}

function withValueAt(value: unknown, [step, ...rest]: JsonPath, intended: unknown): unknown {
  if (step === undefined) return intended;
  if (Array.isArray(value))
    return value.map((item, index) => (index === step ? withValueAt(item, rest, intended) : item));
  const properties = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const others = properties.filter(([name]) => name !== step);
  const inner = withValueAt(properties.find(([name]) => name === step)?.[1], rest, intended);
  return Object.fromEntries(inner === undefined ? others : [...others, [step, inner]]);
}

/** The text with an item put into the object or array at `path`, before what stands at `index` now, in the style around it. */
export function insertItem(document: JsonDocument, path: JsonPath, index: number, item: JsonItem): string {
  const { text } = document;
  const container = existing(document, path);
  const items = container.children ?? [];
  const next = items[index];
  const neighbour = next ?? items.at(-1);
  if (neighbour === undefined) return fillContainer(document, container, item);
  const layout = layoutAt(document, neighbour.offset);
  const written = printItem(item, layout);
  if (next !== undefined) return splice(text, next.offset, next.offset, `${written},${layout.separator}`);
  const end = endOf(neighbour);
  const tail = lineTail.exec(text.slice(end))?.[0] ?? '';
  const bare = tail.replaceAll(blockComments, '');
  const [comma, trailing] = /^[ \t]*,/.test(bare) ? ['', ','] : [',', ''];
  const separator = bare.includes('//') && layout.indentation === undefined ? layout.style.eol : layout.separator;
  const at = end + tail.length;
  return splice(splice(text, at, at, `${separator}${written}${trailing}`), end, end, comma);
}

/** An item's comma and comments, as far as they begin on its line. */
const lineTail = /^(?:[ \t]*(?:,|\/\*[^]*?\*\/|\/\/[^\r\n]*))*/;
const blockComments = /\/\*[^]*?\*\//g;

/** The text without the item at `index` of the container at `path`; an emptied container becomes `empty`. */
export function removeItem(document: JsonDocument, path: JsonPath, index: number, empty: string): string {
  const { text } = document;
  const container = existing(document, path);
  const items = container.children ?? [];
  const item = existing(document, [...path, index], items[index]);
  const previous = items[index - 1];
  const next = items[index + 1];
  if (next !== undefined) {
    const comma = /^\s*,\s*/.exec(text.slice(endOf(item), next.offset))?.[0] ?? '';
    return splice(text, item.offset, endOf(item) + comma.length, '');
  }
  if (previous === undefined) return splice(text, container.offset, endOf(container), empty);
  if (/^\s*,\s*$/.test(text.slice(endOf(previous), item.offset))) {
    return splice(text, endOf(previous), endOf(item), '');
  }
  const from = text.slice(0, item.offset).trimEnd().length;
  const trailing = /^\s*,/.exec(text.slice(endOf(item)))?.[0];
  if (trailing !== undefined) return splice(text, from, endOf(item) + trailing.length, '');
  const comma = text.indexOf(',', endOf(previous));
  return splice(splice(text, from, endOf(item), ''), comma, comma + 1, '');
}

/** The text with the value at `path` replaced. */
export function replaceValue(document: JsonDocument, path: JsonPath, value: unknown): string {
  const node = existing(document, path);
  const written = printValue(value, layoutAt(document, node.offset));
  return splice(document.text, node.offset, endOf(node), written);
}

function layoutAt({ text, code }: JsonDocument, offset: number): Layout {
  const style = readTextStyle(text);
  const ownLine = offset > 0 && isBlank(text, lineStart(text, offset), offset);
  const tight = !/[:,]\s/.test(text);
  const indentation = ownLine ? indentationAt(text, offset) : undefined;
  const separator = indentation === undefined ? (tight ? '' : ' ') : style.eol + indentation;
  return { style, indentation, separator, colon: tight ? ':' : ': ', quote: code?.quote };
}

function fillContainer(document: JsonDocument, container: JsonNode, item: JsonItem): string {
  const { text } = document;
  const [open, close] = container.type === 'array' ? ['[', ']'] : ['{', '}'];
  const style = readTextStyle(text);
  const outer = indentationAt(text, container.offset);
  const layout = layoutAt(document, container.offset);
  const filled = text.trim().includes('\n')
    ? `${style.eol}${outer}${style.indent}${printItem(item, { ...layout, indentation: outer + style.indent })}${style.eol}${outer}`
    : printItem(item, layout);
  return splice(text, container.offset, endOf(container), `${open}${filled}${close}`);
}

function existing(document: JsonDocument, path: JsonPath, node = nodeAt(document, path)): JsonNode {
  if (node === undefined) throw new GraftError('internal', `There is nothing at ${path.join('.')}.`);
  return node;
}

function endOf(node: JsonNode): number {
  return node.offset + node.length;
}

function splice(text: string, start: number, end: number, inserted: string): string {
  return text.slice(0, start) + inserted + text.slice(end);
}
