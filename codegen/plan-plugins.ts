import { isDeepStrictEqual } from 'node:util';
import { GraftError } from '../contract/errors.ts';
import { codeName } from '../contract/ids.ts';
import { blobId } from './blob.ts';
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
import { findPluginsFile } from './find-plugins-file.ts';
import { appendedIndex, compareText } from './order.ts';
import { type Planning, fromRoot, isAdded, leaveToPerson } from './planning.ts';
import type { OwnershipRecord } from './records.ts';

const file = 'app.json';
const reason = 'config plugins that connectors need';
const listAnchor = 'plugins';

/** Brings the config plugins that the target's records want and takes out those that only removed ones wanted. */
export function planPlugins(planning: Planning): void {
  const before = wantedPlugins(planning.current);
  const after = wantedPlugins(planning.target);
  const added = wantedPlugins(planning.target.filter((record) => isAdded(planning, record)));
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted(compareText);
  const changed = names.filter((name) => added.has(name) || !isDeepStrictEqual(before.get(name), after.get(name)));
  if (changed.length === 0) return;
  const place = findPluginsFile(planning.draft);
  for (const name of changed) {
    const entry = after.get(name);
    if (place.kind === 'manual') leavePlugin(planning, place, name, entry);
    else if (entry === undefined) removePlugin(planning, name, before.get(name));
    else bringPlugin(planning, name, entry, before.get(name));
  }
  if (
    after.size > before.size &&
    planning.draft.paths().some((path) => /^(?:ios\/Podfile|android\/build\.gradle)/.test(path))
  ) {
    planning.notes.push(
      'The app keeps its native folders; run npx expo prebuild, or set up the plugin in them by hand.',
    );
  }
}

/** The entries as app.json would list them, by plugin; throws `cannot_edit` when connectors want the same one set differently. */
function wantedPlugins(records: readonly OwnershipRecord[]): ReadonlyMap<string, unknown> {
  const props = new Map<string, { merged: Record<string, unknown> | undefined; by: string }>();
  for (const record of records) {
    const by = codeName(record.connector, record.alias);
    for (const plugin of record.wants.configPlugins) {
      const other = props.get(plugin.name);
      const merged =
        other === undefined ? plugin.props : merge(plugin.name, [other.by, by], other.merged, plugin.props);
      props.set(plugin.name, { merged, by });
    }
  }
  return new Map([...props].map(([name, { merged }]) => [name, merged === undefined ? name : [name, merged]]));
}

/** The position of a plugin in app.json's list, -1 when it is not there. */
export function pluginIndex(document: JsonDocument, name: string): number {
  return listedPlugins(document).indexOf(name);
}

type Props = Record<string, unknown>;

function merge(plugin: string, by: [string, string], a: Props | undefined, b: Props | undefined): Props | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const merged: Props = { ...a };
  for (const [name, value] of Object.entries(b)) {
    const other = merged[name];
    if (other === undefined || isDeepStrictEqual(other, value)) merged[name] = value;
    else if (isProps(other) && isProps(value)) merged[name] = merge(plugin, by, other, value);
    else
      throw new GraftError(
        'cannot_edit',
        `${by.join(' and ')} want ${plugin} with different values of ${name}. Install one of them.`,
      );
  }
  return Object.fromEntries(Object.entries(merged).toSorted(([x], [y]) => compareText(x, y)));
}

function isProps(value: unknown): value is Props {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bringPlugin(planning: Planning, name: string, entry: unknown, before: unknown): void {
  const { shared, draft, notes } = planning;
  const document = readConfig(planning);
  const operation = shared.get(file, pluginAnchor(name));
  const index = pluginIndex(document, name);
  if (index === -1) {
    const text = addToList(planning, document, name, entry);
    draft.write(file, text, reason);
    shared.set({
      file,
      anchor: pluginAnchor(name),
      state: 'written',
      hash: blobId(JSON.stringify(entry)),
      replaced: null,
    });
    return;
  }
  const path = [...listPath(document), index];
  const current = valueAt(document, path);
  if (operation?.state !== 'written') {
    if (operation === undefined) {
      shared.set({ file, anchor: pluginAnchor(name), state: 'adopted', hash: null, replaced: JSON.stringify(current) });
    }
    if (!isDeepStrictEqual(current, entry))
      notes.push(`app.json listed ${name} before, set in its own way, and keeps it.`);
    return;
  }
  if (isDeepStrictEqual(current, entry)) return;
  if (!isDeepStrictEqual(current, before))
    return leavePlugin(planning, { file, reason: `people changed the entry of ${name}` }, name, entry);
  draft.write(file, checkEdit(file, document, replaceValue(document, path, entry), path, entry), reason);
  shared.set({ ...operation, hash: blobId(JSON.stringify(entry)) });
}

function addToList(planning: Planning, document: JsonDocument, name: string, entry: unknown): string {
  const { shared } = planning;
  const path = listPath(document);
  const list = nodeAt(document, path);
  if (list !== undefined && list.type !== 'array')
    throw new GraftError('cannot_edit', 'plugins in app.json is not a list. Make it one.');
  if (list === undefined || list.children?.length === 0) {
    const replaced = list === undefined ? null : document.text.slice(list.offset, list.offset + list.length);
    shared.set({ file, anchor: listAnchor, state: 'written', hash: null, replaced });
  }
  if (list === undefined) {
    const parent = nodeAt(document, path.slice(0, -1));
    const item = { name: 'plugins', value: [entry] };
    const text = insertItem(document, path.slice(0, -1), parent?.children?.length ?? 0, item);
    return checkEdit(file, document, text, path, [entry]);
  }
  const names = listedPlugins(document);
  const isOurs = (other: string) => shared.get(file, pluginAnchor(other))?.state === 'written';
  const index = appendedIndex(names, name, isOurs);
  const text = insertItem(document, path, index, { value: entry });
  const values = valueAt(document, path);
  return checkEdit(file, document, text, path, Array.isArray(values) ? values.toSpliced(index, 0, entry) : [entry]);
}

function removePlugin(planning: Planning, name: string, before: unknown): void {
  const { shared, draft, notes } = planning;
  const operation = shared.get(file, pluginAnchor(name));
  shared.drop(file, pluginAnchor(name));
  const document = draft.problem(file) === undefined ? parseJson(draft.read(file) ?? '') : undefined;
  const index = document === undefined ? -1 : pluginIndex(document, name);
  if (document === undefined || index === -1) return;
  if (operation?.state === 'adopted') return void notes.push(`${name} was in app.json before Graft came and stays.`);
  const path = listPath(document);
  const values = valueAt(document, path);
  const entries: unknown[] = Array.isArray(values) ? values : [];
  if (!isDeepStrictEqual(entries[index], before))
    notes.push(`The entry of ${name} in app.json had been changed by people; it goes all the same.`);
  const list = shared.get(file, listAnchor);
  if (entries.length === 1) shared.drop(file, listAnchor);
  if (entries.length === 1 && list !== undefined && list.replaced === null) {
    const siblings = nodeAt(document, path.slice(0, -1))?.children ?? [];
    const position = siblings.findIndex((property) => property.children?.[0]?.value === 'plugins');
    draft.write(
      file,
      checkEdit(file, document, removeItem(document, path.slice(0, -1), position, '{}'), path, undefined),
      reason,
    );
    return;
  }
  const text = removeItem(document, path, index, list?.replaced ?? '[]');
  draft.write(file, checkEdit(file, document, text, path, entries.toSpliced(index, 1)), reason);
}

function leavePlugin(planning: Planning, place: { file: string; reason: string }, name: string, entry: unknown): void {
  const { shared, draft } = planning;
  const listed =
    draft.problem(place.file) === undefined && new RegExp(`['"]${name}['"]`).test(draft.read(place.file) ?? '');
  if (entry === undefined) {
    const adopted = shared.get(place.file, pluginAnchor(name))?.state === 'adopted';
    shared.drop(place.file, pluginAnchor(name));
    if (listed && !adopted) leaveToPerson(planning, { ...place, snippet: `plugins: take out the entry of '${name}'` });
    return;
  }
  if (shared.get(place.file, pluginAnchor(name)) === undefined) {
    const state = listed ? 'adopted' : 'manual';
    shared.set({ file: place.file, anchor: pluginAnchor(name), state, hash: null, replaced: null });
  }
  if (!listed)
    leaveToPerson(planning, { file: place.file, reason: place.reason, snippet: `plugins: [${JSON.stringify(entry)}]` });
}

function readConfig(planning: Planning): JsonDocument {
  const document = parseJson(planning.draft.read(file) ?? '');
  if (document?.root.type === 'object') return document;
  throw new GraftError('cannot_edit', `${fromRoot(planning, file)} does not parse. Repair it, then try again.`);
}

/** Expo reads the `expo` key, or the whole file where there is none. */
function listPath(document: JsonDocument): JsonPath {
  return nodeAt(document, ['expo']) === undefined ? ['plugins'] : ['expo', 'plugins'];
}

function listedPlugins(document: JsonDocument): string[] {
  return (nodeAt(document, listPath(document))?.children ?? []).map((entry) =>
    String((entry.children?.[0] ?? entry).value),
  );
}

function pluginAnchor(name: string): string {
  return `plugins.${name}`;
}
