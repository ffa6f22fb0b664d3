import type { Draft } from './draft.ts';
import { configFile, parseConfig } from './edit-plugins.ts';
import { parseModule, walk } from './parse-module.ts';

/** Where config plugins are listed: in app.json, or in a file that only people can edit. */
export type PluginsFile = { kind: 'json'; file?: undefined } | { kind: 'manual'; file: string; reason: string };

const endings = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'];

/** Reads which file decides an app's config plugins; a dynamic config that only passes app.json on leaves them to app.json. */
export function findPluginsFile(draft: Draft): PluginsFile {
  const paths = new Set(draft.paths());
  const dynamic = endings.map((ending) => `app.config.${ending}`).find((path) => paths.has(path));
  if (dynamic !== undefined && !(paths.has(configFile) && passesPluginsOn(draft, dynamic))) {
    return { kind: 'manual', file: dynamic, reason: 'it decides the config plugins, and code is not edited there' };
  }
  if (!paths.has(configFile)) return { kind: 'json' };
  const problem = draft.problem(configFile);
  if (problem !== undefined) return { kind: 'manual', file: configFile, reason: problem };
  if (parseConfig(draft.read(configFile) ?? '') !== undefined) return { kind: 'json' };
  return { kind: 'manual', file: configFile, reason: 'it is not JSON with a list of plugins' };
}

/** Does a text name this plugin in quotes? */
export function mentionsPlugin(text: string, name: string): boolean {
  return ["'", '"', '`'].some((quote) => text.includes(quote + name + quote));
}

/** Does a dynamic config take what app.json says of plugins? It must read the static config, and keep its plugins where it lists any. */
function passesPluginsOn(draft: Draft, file: string): boolean {
  if (draft.problem(file) !== undefined) return false;
  const text = draft.read(file) ?? '';
  const module = parseModule(file, text);
  if ('fault' in module) return false;
  const lists: string[] = [];
  walk(module.program, (node) => {
    if (node.type === 'Property' && node.key.type === 'Identifier' && node.key.name === 'plugins') {
      lists.push(text.slice(node.value.start, node.value.end));
    }
    if (node.type === 'AssignmentExpression' && text.slice(node.left.start, node.left.end).endsWith('.plugins')) {
      lists.push(text.slice(node.right.start, node.right.end));
    }
  });
  const readsStatic = /\bconfig\b|app\.json/.test(text);
  return readsStatic && lists.every((list) => /\.plugins\b/.test(list));
}
