import { posix } from 'node:path';
import type { Draft } from './draft.ts';
import { parseJson, valueAt } from './edit-json.ts';
import { resolveFile } from './specifiers.ts';

/** The app's own file that is imported, relatively or by what its tsconfig or jsconfig says of paths. */
export function findImported(
  draft: Draft,
  paths: ReadonlySet<string>,
  file: string,
  specifier: string,
): string | undefined {
  const exists = (path: string) => paths.has(path);
  if (specifier.startsWith('.')) return resolveFile(file, specifier, exists);
  const { base, aliases } = readAliases(draft, paths);
  for (const [pattern, targets] of Object.entries(aliases)) {
    const [before = '', after] = pattern.split('*');
    const fits = after === undefined ? specifier === before : specifier.startsWith(before) && specifier.endsWith(after);
    const target: unknown = Array.isArray(targets) && targets.length === 1 ? targets[0] : undefined;
    if (!fits || typeof target !== 'string') continue;
    const matched = specifier.slice(before.length, specifier.length - (after ?? '').length);
    return resolveFile('', posix.join(base ?? '', target.replace('*', matched)), exists);
  }
  return base === undefined ? undefined : resolveFile('', posix.join(base, specifier), exists);
}

/** `baseUrl` and `paths`, as tools read them from the one file or the other. */
function readAliases(draft: Draft, paths: ReadonlySet<string>): { base: string | undefined; aliases: object } {
  const file = ['tsconfig.json', 'jsconfig.json'].find((path) => paths.has(path) && draft.problem(path) === undefined);
  const config = file === undefined ? undefined : parseJson(draft.read(file) ?? '');
  const read = (name: string) => (config === undefined ? undefined : valueAt(config, ['compilerOptions', name]));
  const [base, aliases] = [read('baseUrl'), read('paths')];
  return {
    base: typeof base === 'string' ? base : undefined,
    aliases: typeof aliases === 'object' && aliases !== null ? aliases : {},
  };
}
