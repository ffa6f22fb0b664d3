import {
  type JsonDocument,
  type JsonPath,
  checkEdit,
  insertItem,
  nodeAt,
  parseJson,
  removeItem,
  replaceValue,
  valueAt,
} from './edit-json.ts';
import type { PluginEntry } from './wanted-plugins.ts';

/** The file that Expo reads first; its plugins are in a list under `expo`, or at the top where there is no `expo`. */
export const configFile = 'app.json';

/** An app.json from nothing, before anything is listed in it. */
export const emptyConfig = '{\n  "expo": {}\n}\n';

/** Is it that file again, however a formatter set it? */
export function isEmptyConfig(text: string): boolean {
  return text.replaceAll(/[\s,]/g, '') === emptyConfig.replaceAll(/\s/g, '');
}

/** Parses app.json; undefined when its plugins cannot be edited. */
export function parseConfig(text: string): JsonDocument | undefined {
  const document = parseJson(text);
  if (document?.root.type !== 'object') return undefined;
  const path = listPath(document);
  const list = nodeAt(document, path);
  const isListable = nodeAt(document, path.slice(0, -1))?.type === 'object';
  return isListable && (list === undefined || list.type === 'array') ? document : undefined;
}

/** Names of the plugins in their order. */
export function listedPlugins(document: JsonDocument): string[] {
  return (nodeAt(document, listPath(document))?.children ?? []).map((entry) =>
    String((entry.children?.[0] ?? entry).value),
  );
}

/** The entry of a plugin, undefined when it is not listed. */
export function readPlugin(document: JsonDocument, name: string): unknown {
  const index = listedPlugins(document).indexOf(name);
  return index === -1 ? undefined : valueAt(document, [...listPath(document), index]);
}

/** The list's text while it holds no plugin: null where there is no list. Undefined when it holds some. */
export function readEmptyList(document: JsonDocument): string | null | undefined {
  const list = nodeAt(document, listPath(document));
  if (list === undefined) return null;
  return list.children?.length === 0 ? document.text.slice(list.offset, list.offset + list.length) : undefined;
}

/** The text of the object that the list belongs to, while there is nothing in it; undefined when there is. */
export function readEmptyParent(document: JsonDocument): string | undefined {
  const parent = nodeAt(document, listPath(document).slice(0, -1));
  return parent?.children?.length === 0 ? document.text.slice(parent.offset, parent.offset + parent.length) : undefined;
}

/** The text with a plugin listed before the one at `index`. */
export function addPlugin(document: JsonDocument, index: number, entry: PluginEntry): string {
  const path = listPath(document);
  if (nodeAt(document, path) === undefined) {
    const parent = path.slice(0, -1);
    const last = nodeAt(document, parent)?.children?.length ?? 0;
    const text = insertItem(document, parent, last, { name: 'plugins', value: [entry] });
    return checkEdit(fileOf(document), document, text, path, [entry]);
  }
  const text = insertItem(document, path, index, { value: entry });
  return checkEdit(fileOf(document), document, text, path, entries(document).toSpliced(index, 0, entry));
}

/** The text with a plugin's entry replaced. */
export function replacePlugin(document: JsonDocument, name: string, entry: PluginEntry): string {
  const path = [...listPath(document), listedPlugins(document).indexOf(name)];
  return checkEdit(fileOf(document), document, replaceValue(document, path, entry), path, entry);
}

/** The text without a plugin; a list that it was the last of becomes `empty`, or goes when that is null, and an object that is empty then becomes `emptyParent`. */
export function removePlugin(document: JsonDocument, name: string, empty: string | null, emptyParent: string): string {
  const path = listPath(document);
  const index = listedPlugins(document).indexOf(name);
  if (entries(document).length > 1 || empty !== null) {
    const text = removeItem(document, path, index, empty ?? '[]');
    return checkEdit(fileOf(document), document, text, path, entries(document).toSpliced(index, 1));
  }
  const siblings = nodeAt(document, path.slice(0, -1))?.children ?? [];
  const position = siblings.findIndex((property) => property.children?.[0]?.value === 'plugins');
  return checkEdit(
    fileOf(document),
    document,
    removeItem(document, path.slice(0, -1), position, emptyParent),
    path,
    undefined,
  );
}

function fileOf({ code }: JsonDocument): string {
  return code?.file ?? configFile;
}

function entries(document: JsonDocument): unknown[] {
  const values = valueAt(document, listPath(document));
  return Array.isArray(values) ? values : [];
}

function listPath(document: JsonDocument): JsonPath {
  return nodeAt(document, ['expo']) === undefined ? ['plugins'] : ['expo', 'plugins'];
}
