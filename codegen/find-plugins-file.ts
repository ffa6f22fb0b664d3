import type { Draft } from './draft.ts';
import type { JsonDocument } from './edit-json.ts';
import { configFile, parseConfig } from './edit-plugins.ts';
import { findConfigObject } from './find-config-object.ts';
import { parseModule, walk } from './parse-module.ts';
import { readCodeConfig } from './read-code-config.ts';

/** Where config plugins are listed: in app.json, in a dynamic config that comes to one object, or in a file that only people can edit. */
export type PluginsFile =
  | { kind: 'editable'; file: string; parse(text: string): JsonDocument | undefined }
  | { kind: 'manual'; file: string; reason: string };

const endings = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'];

/** Reads which file decides an app's config plugins; a dynamic config that only passes app.json on leaves them to app.json. */
export function findPluginsFile(draft: Draft): PluginsFile {
  const paths = new Set(draft.paths());
  const dynamic = endings.map((ending) => `app.config.${ending}`).find((path) => paths.has(path));
  const hasStatic = paths.has(configFile);
  if (dynamic !== undefined && !(hasStatic && passesPluginsOn(draft, dynamic)))
    return dynamicFile(draft, dynamic, hasStatic);
  const json: PluginsFile = { kind: 'editable', file: configFile, parse: parseConfig };
  if (!hasStatic) return json;
  const problem = draft.problem(configFile);
  if (problem !== undefined) return { kind: 'manual', file: configFile, reason: problem };
  if (parseConfig(draft.read(configFile) ?? '') !== undefined) return json;
  return { kind: 'manual', file: configFile, reason: 'it is not JSON with a list of plugins' };
}

function dynamicFile(draft: Draft, file: string, hasStatic: boolean): PluginsFile {
  const problem = draft.problem(file);
  if (problem !== undefined) return { kind: 'manual', file, reason: problem };
  const read = (text: string) => readCodeConfig(file, text, hasStatic);
  const now = read(draft.read(file) ?? '');
  if ('reason' in now) return { kind: 'manual', file, reason: `it decides the config plugins, and ${now.reason}` };
  const parse = (text: string) => {
    const document = read(text);
    return 'reason' in document ? undefined : document;
  };
  return { kind: 'editable', file, parse };
}

/** Does a text name this plugin in quotes? */
export function mentionsPlugin(text: string, name: string): boolean {
  return ["'", '"', '`'].some((quote) => text.includes(quote + name + quote));
}

/** Does a text that is no JSON name a plugin that is not in its list, or whose list is not known? */
export function namesElsewhere(document: JsonDocument | undefined, text: string, name: string): boolean {
  return (document === undefined || document.code !== undefined) && mentionsPlugin(text, name);
}

/** Does a dynamic config take what app.json says of plugins? It must carry the static config over, and keep its plugins where it lists any. */
function passesPluginsOn(draft: Draft, file: string): boolean {
  if (draft.problem(file) !== undefined) return false;
  const text = draft.read(file) ?? '';
  const module = parseModule(file, text);
  if ('fault' in module) return false;
  const lists: string[] = [];
  let takesConfig = false;
  walk(module.program, (node) => {
    if (node.type === 'Property' && node.key.type === 'Identifier' && node.key.name === 'plugins') {
      lists.push(text.slice(node.value.start, node.value.end));
    }
    if (node.type === 'AssignmentExpression' && text.slice(node.left.start, node.left.end).endsWith('.plugins')) {
      lists.push(text.slice(node.right.start, node.right.end));
    }
    if ('params' in node && Array.isArray(node.params))
      takesConfig ||= node.params.some(({ start, end }) => /\bconfig\b/.test(text.slice(start, end)));
  });
  const keeps = lists.every((list) => /\.plugins\b/.test(list));
  const readsStatic = takesConfig || text.includes('app.json');
  const found = findConfigObject(module);
  const carries = 'reason' in found || lists.length > 0 || found.object.properties.some(isSpread);
  return keeps && readsStatic && carries;
}

function isSpread({ type }: { type: string }): boolean {
  return type === 'SpreadElement';
}
