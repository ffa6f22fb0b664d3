import { isDeepStrictEqual } from 'node:util';
import { GraftError } from '../contract/errors.ts';
import { blobId } from './blob.ts';
import type { JsonDocument } from './edit-json.ts';
import {
  addPlugin,
  configFile,
  emptyConfig,
  isEmptyConfig,
  listedPlugins,
  readEmptyList,
  readEmptyParent,
  readPlugin,
  removePlugin,
  replacePlugin,
} from './edit-plugins.ts';
import { type PluginsFile, findPluginsFile, mentionsPlugin, namesElsewhere } from './find-plugins-file.ts';
import { appendedIndex, compareText } from './order.ts';
import { type Planning, fromRoot, isAdded, leaveToPerson } from './planning.ts';
import { type PluginEntry, wantedPlugins } from './wanted-plugins.ts';

const reason = 'config plugins that connectors need';
const listAnchor = 'plugins';
const parentAnchor = 'plugins/parent';

/** Brings the config plugins that the target's records want and takes out those that only removed ones wanted. */
export function planPlugins(planning: Planning): void {
  const { draft, notes } = planning;
  const before = wantedPlugins(planning.current);
  const after = wantedPlugins(planning.target);
  const added = wantedPlugins(planning.target.filter((record) => isAdded(planning, record)));
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted(compareText);
  const changed = names.filter((name) => added.has(name) || !isDeepStrictEqual(before.get(name), after.get(name)));
  if (changed.length === 0) return;
  const place = findPluginsFile(draft);
  for (const name of changed) {
    const entry = after.get(name);
    if (entry === undefined) takeOut(planning, place, name, before.get(name));
    else if (place.kind === 'editable') bring(planning, place, name, entry, before.get(name));
    else leave(planning, place, name, entry);
  }
  const hasNative = draft.paths().some((path) => /^(?:ios\/Podfile|android\/build\.gradle)/.test(path));
  if (hasNative && changed.some((name) => !before.has(name))) {
    notes.push('The app keeps its native folders; run npx expo prebuild, or set up the plugin in them by hand.');
  }
}

type Editable = Extract<PluginsFile, { kind: 'editable' }>;

function bring(
  planning: Planning,
  place: Editable,
  name: string,
  entry: PluginEntry,
  before: PluginEntry | undefined,
): void {
  const { file } = place;
  const { shared, draft, notes } = planning;
  const anchor = pluginAnchor(name);
  const document = readConfig(planning, place);
  const listed = readPlugin(document, name);
  if (listed === undefined && namesElsewhere(document, document.text, name))
    return leave(planning, { file, reason: `it names ${name} outside of its list` }, name, entry);
  const operation = shared.get(file, anchor);
  const written = {
    file,
    anchor,
    state: 'written',
    hash: blobId(JSON.stringify(entry)),
    replaced: null,
  } as const;
  if (listed === undefined) {
    const empty = readEmptyList(document);
    if (empty !== undefined) {
      shared.set({ file, anchor: listAnchor, state: 'written', hash: null, replaced: empty });
    }
    const parent = readEmptyParent(document);
    if (parent !== undefined) {
      shared.set({ file, anchor: parentAnchor, state: 'written', hash: null, replaced: parent });
    }
    const isOurs = (other: string) => shared.get(file, pluginAnchor(other))?.state === 'written';
    draft.write(file, addPlugin(document, appendedIndex(listedPlugins(document), name, isOurs), entry), reason);
    return shared.set(written);
  }
  if (isDeepStrictEqual(listed, entry) && operation !== undefined) return;
  if (operation?.state !== 'written') {
    if (operation === undefined)
      shared.set({ ...written, state: 'adopted', hash: null, replaced: JSON.stringify(listed) });
    if (!isDeepStrictEqual(listed, entry))
      notes.push(`${file} listed ${name} before, set in its own way, and keeps it.`);
  } else if (isDeepStrictEqual(listed, before)) {
    draft.write(file, replacePlugin(document, name, entry), reason);
    shared.set(written);
  } else if (isDeepStrictEqual(before, entry)) {
    notes.push(`The entry of ${name} in ${file} was changed by people and stays.`);
  } else {
    leaveToPerson(planning, {
      file,
      reason: `people changed the entry of ${name}`,
      snippet: printEntry(entry),
    });
  }
}

function takeOut(planning: Planning, place: PluginsFile, name: string, before: PluginEntry | undefined): void {
  const { shared, draft, notes } = planning;
  const anchor = pluginAnchor(name);
  const { file } = place;
  const isAdopted = shared.get(file, anchor)?.state === 'adopted';
  for (const one of [file, configFile]) shared.drop(one, anchor);
  const text = draft.problem(file) === undefined ? (draft.read(file) ?? '') : '';
  const document = place.kind === 'editable' ? place.parse(text) : undefined;
  const listed = document === undefined ? undefined : readPlugin(document, name);
  const isElsewhere = listed === undefined && namesElsewhere(document, text, name);
  if (listed === undefined && !isElsewhere) return;
  if (isAdopted) return void notes.push(`${name} was in ${fromRoot(planning, file)} before Graft came and stays.`);
  if (document === undefined || isElsewhere) {
    return leaveToPerson(planning, {
      file,
      reason: 'it names the plugin where it cannot be taken out',
      snippet: `plugins: take out the entry of '${name}'`,
    });
  }
  if (!isDeepStrictEqual(listed, before)) {
    notes.push(`The entry of ${name} in ${file} had been changed by people; it goes all the same.`);
  }
  const isLast = listedPlugins(document).length === 1;
  const list = shared.get(file, listAnchor);
  const parent = shared.get(file, parentAnchor)?.replaced ?? '{}';
  const rest = removePlugin(document, name, list === undefined ? '[]' : list.replaced, parent);
  const wasMade = shared.get(file, 'file') !== undefined;
  if (isLast) for (const one of [listAnchor, parentAnchor, 'file']) shared.drop(file, one);
  if (isLast && wasMade && isEmptyConfig(rest)) draft.remove(file, reason);
  else draft.write(file, rest, reason);
}

function leave(planning: Planning, place: { file: string; reason: string }, name: string, entry: PluginEntry): void {
  const { shared, draft } = planning;
  const { file } = place;
  const isListed = draft.problem(file) === undefined && mentionsPlugin(draft.read(file) ?? '', name);
  if (shared.get(file, pluginAnchor(name)) === undefined) {
    const state = isListed ? 'adopted' : 'manual';
    shared.set({ file, anchor: pluginAnchor(name), state, hash: null, replaced: null });
  }
  if (!isListed) leaveToPerson(planning, { file, reason: place.reason, snippet: printEntry(entry) });
}

/** The file's config as it stands; an app.json is begun where there is none. */
function readConfig({ draft, shared }: Planning, place: Editable): JsonDocument {
  const { file } = place;
  const text = draft.read(file);
  if (text === undefined) shared.set({ file, anchor: 'file', state: 'written', hash: null, replaced: null });
  const document = place.parse(text ?? emptyConfig);
  if (document !== undefined) return document;
  throw new GraftError('internal', `${file} was to be edited and cannot be.`);
}

function printEntry(entry: PluginEntry): string {
  return `plugins: [${JSON.stringify(entry)}]`;
}

function pluginAnchor(name: string): string {
  return `plugins.${name}`;
}
