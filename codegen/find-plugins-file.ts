import type { Draft } from './draft.ts';
import { parseJson } from './edit-json.ts';
import { parseModule, walk } from './parse-module.ts';

/** Where config plugins are listed: in app.json, or in a file that only people can edit. */
export type PluginsFile = { kind: 'json' } | { kind: 'manual'; file: string; reason: string };

const endings = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'];

/** Reads which file decides an app's config plugins; a dynamic config that only passes app.json on leaves them to app.json. */
export function findPluginsFile(draft: Draft): PluginsFile {
  const paths = new Set(draft.paths());
  const dynamic = endings.map((ending) => `app.config.${ending}`).find((path) => paths.has(path));
  if (dynamic !== undefined && !passesPluginsOn(draft, dynamic, paths.has('app.json'))) {
    return {
      kind: 'manual',
      file: dynamic,
      reason: `${dynamic} decides the config plugins, and code is not edited there`,
    };
  }
  if (!paths.has('app.json'))
    return { kind: 'manual', file: 'app.json', reason: 'the app has no app.json to list the config plugin in' };
  const problem = draft.problem('app.json');
  if (problem !== undefined) return { kind: 'manual', file: 'app.json', reason: problem };
  if (parseJson(draft.read('app.json') ?? '')?.root.type === 'object') return { kind: 'json' };
  return { kind: 'manual', file: 'app.json', reason: 'it does not parse as JSON' };
}

/** Does a dynamic config take what app.json says of plugins? It must read the static config, and keep its plugins where it lists any. */
function passesPluginsOn(draft: Draft, file: string, hasStatic: boolean): boolean {
  if (!hasStatic || draft.problem(file) !== undefined) return false;
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
