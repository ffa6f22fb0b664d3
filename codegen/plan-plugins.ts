import { isDeepStrictEqual } from 'node:util';
import { GraftError } from '../contract/errors.ts';
import { blobId } from './blob.ts';
import type { JsonDocument } from './edit-json.ts';
import {
  addPlugin,
  configFile,
  emptyConfig,
  listedPlugins,
  parseConfig,
  readEmptyList,
  readEmptyParent,
  readPlugin,
  removePlugin,
  replacePlugin,
} from './edit-plugins.ts';
import { findPluginsFile, mentionsPlugin } from './find-plugins-file.ts';
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
    else if (place.kind === 'json') bring(planning, name, entry, before.get(name));
    else leave(planning, place, name, entry);
  }
  const hasNative = draft.paths().some((path) => /^(?:ios\/Podfile|android\/build\.gradle)/.test(path));
  if (hasNative && changed.some((name) => !before.has(name))) {
    notes.push('The app keeps its native folders; run npx expo prebuild, or set up the plugin in them by hand.');
  }
}

function bring(planning: Planning, name: string, entry: PluginEntry, before: PluginEntry | undefined): void {
  const { shared, draft, notes } = planning;
  const anchor = pluginAnchor(name);
  const document = readConfig(planning);
  const listed = readPlugin(document, name);
  const operation = shared.get(configFile, anchor);
  const written = {
    file: configFile,
    anchor,
    state: 'written',
    hash: blobId(JSON.stringify(entry)),
    replaced: null,
  } as const;
  if (listed === undefined) {
    const empty = readEmptyList(document);
    if (empty !== undefined) {
      shared.set({ file: configFile, anchor: listAnchor, state: 'written', hash: null, replaced: empty });
    }
    const parent = readEmptyParent(document);
    if (parent !== undefined) {
      shared.set({ file: configFile, anchor: parentAnchor, state: 'written', hash: null, replaced: parent });
    }
    const isOurs = (other: string) => shared.get(configFile, pluginAnchor(other))?.state === 'written';
    draft.write(configFile, addPlugin(document, appendedIndex(listedPlugins(document), name, isOurs), entry), reason);
    return shared.set(written);
  }
  if (isDeepStrictEqual(listed, entry) && operation !== undefined) return;
  if (operation?.state !== 'written') {
    if (operation === undefined)
      shared.set({ ...written, state: 'adopted', hash: null, replaced: JSON.stringify(listed) });
    if (!isDeepStrictEqual(listed, entry))
      notes.push(`app.json listed ${name} before, set in its own way, and keeps it.`);
  } else if (isDeepStrictEqual(listed, before)) {
    draft.write(configFile, replacePlugin(document, name, entry), reason);
    shared.set(written);
  } else if (isDeepStrictEqual(before, entry)) {
    notes.push(`The entry of ${name} in app.json was changed by people and stays.`);
  } else {
    leaveToPerson(planning, {
      file: configFile,
      reason: `people changed the entry of ${name}`,
      snippet: printEntry(entry),
    });
  }
}

function takeOut(planning: Planning, place: { file?: string }, name: string, before: PluginEntry | undefined): void {
  const { shared, draft, notes } = planning;
  const anchor = pluginAnchor(name);
  const file = place.file ?? configFile;
  const isAdopted = shared.get(file, anchor)?.state === 'adopted';
  for (const one of [file, configFile]) shared.drop(one, anchor);
  const text = draft.problem(file) === undefined ? (draft.read(file) ?? '') : '';
  const document = file === configFile ? parseConfig(text) : undefined;
  const listed = document === undefined ? mentionsPlugin(text, name) : readPlugin(document, name);
  if (listed === undefined || listed === false) return;
  if (isAdopted) return void notes.push(`${name} was in ${fromRoot(planning, file)} before Graft came and stays.`);
  if (document === undefined) {
    return leaveToPerson(planning, {
      file,
      reason: 'code is not edited there',
      snippet: `plugins: take out the entry of '${name}'`,
    });
  }
  if (!isDeepStrictEqual(listed, before)) {
    notes.push(`The entry of ${name} in app.json had been changed by people; it goes all the same.`);
  }
  const isLast = listedPlugins(document).length === 1;
  const list = shared.get(configFile, listAnchor);
  const parent = shared.get(configFile, parentAnchor)?.replaced ?? '{}';
  const rest = removePlugin(document, name, list === undefined ? '[]' : list.replaced, parent);
  const wasMade = shared.get(configFile, 'file') !== undefined;
  if (isLast) for (const one of [listAnchor, parentAnchor, 'file']) shared.drop(configFile, one);
  if (isLast && wasMade && rest === emptyConfig) draft.remove(configFile, reason);
  else draft.write(configFile, rest, reason);
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

/** app.json as it stands; one is begun where there is none. */
function readConfig({ draft, shared }: Planning): JsonDocument {
  const text = draft.read(configFile);
  if (text === undefined)
    shared.set({ file: configFile, anchor: 'file', state: 'written', hash: null, replaced: null });
  const document = parseConfig(text ?? emptyConfig);
  if (document !== undefined) return document;
  throw new GraftError('internal', 'app.json was to be edited and cannot be.');
}

function printEntry(entry: PluginEntry): string {
  return `plugins: [${JSON.stringify(entry)}]`;
}

function pluginAnchor(name: string): string {
  return `plugins.${name}`;
}
