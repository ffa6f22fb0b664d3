import { type Component, type ComponentSearch, findComponent, findRegistered } from './find-component.ts';
import type { AppFacts } from '../contract/connector.ts';
import type { Draft } from './draft.ts';
import { nodeAt, parseJson, valueAt } from './edit-json.ts';
import { type Body, findLayout } from './find-layout.ts';
import { type ParsedModule, parseModule } from './parse-module.ts';
import { resolveFile } from './specifiers.ts';

/** The place in a root to wrap and the file it is written in; or the file where the search ended, and why. */
export type Root =
  | { file: string; module: ParsedModule; place: Component | Body }
  | { file: string; module?: undefined; reason: string; isAbsent?: boolean };

const endings = ['tsx', 'jsx', 'js', 'ts'];
const mostImports = 8;

/**
 * Finds what an app renders first: the root layout of expo-router or Next.js, the `_app` of Next.js's pages, or what the entry file
 * registers, else `App`.
 */
export function findRoot(draft: Draft, app: Pick<AppFacts, 'router' | 'routesDir' | 'language'>): Root {
  if (app.router === 'next-app') return findLayout(draft, app);
  const paths = new Set(draft.paths());
  const ending = app.language === 'typescript' ? 'tsx' : 'jsx';
  const first = (stem: string) => endings.map((candidate) => `${stem}.${candidate}`).find((path) => paths.has(path));
  if (app.router === 'expo-router') {
    const layout = first(`${app.routesDir}/_layout`);
    if (layout === undefined)
      return { file: `${app.routesDir}/_layout.${ending}`, reason: 'the app has no root layout yet', isAbsent: true };
    return follow(draft, paths, layout, 'default');
  }
  if (app.router === 'next-pages') {
    const file = first(`${app.routesDir}/_app`);
    if (file !== undefined) return follow(draft, paths, file, 'default');
    return { file: `${app.routesDir}/_app.${ending}`, reason: 'the app has no _app of its own yet', isAbsent: true };
  }
  const entry = findEntry(draft, paths);
  if (entry !== undefined) {
    const module = parse(draft, entry);
    const search = typeof module === 'string' ? undefined : findRegistered(module);
    if (typeof module !== 'string' && search !== undefined)
      return step(draft, paths, entry, module, search, mostImports);
  }
  const file = first('App') ?? first('src/App');
  if (file === undefined) return { file: `App.${ending}`, reason: "the app's root component was not found" };
  return follow(draft, paths, file, 'default');
}

/** The file that `main` names in package.json; `expo/AppEntry` and the like stand for `App`. */
function findEntry(draft: Draft, paths: ReadonlySet<string>): string | undefined {
  const document = parseJson(draft.read('package.json') ?? '');
  const main: unknown = document === undefined ? undefined : nodeAt(document, ['main'])?.value;
  const named = typeof main === 'string' ? resolveFile('', `./${main}`, (path) => paths.has(path)) : undefined;
  return named ?? resolveFile('', './index', (path) => paths.has(path));
}

function follow(draft: Draft, paths: ReadonlySet<string>, file: string, exportName: string, left = mostImports): Root {
  const module = parse(draft, file);
  if (typeof module === 'string') return { file, reason: module };
  return step(draft, paths, file, module, findComponent(module, exportName), left);
}

function step(
  draft: Draft,
  paths: ReadonlySet<string>,
  file: string,
  module: ParsedModule,
  search: ComponentSearch,
  left: number,
): Root {
  if (search.kind === 'component') return { file, module, place: search };
  if (search.kind === 'unknown') return { file, reason: search.reason };
  const next = importedFile(draft, paths, file, search.specifier);
  if (next === undefined || left === 0) return { file, reason: `its component comes from ${search.specifier}` };
  return follow(draft, paths, next, search.exportName, left - 1);
}

/** The app's own file that is imported, relatively or by a path alias of its tsconfig. */
function importedFile(draft: Draft, paths: ReadonlySet<string>, file: string, specifier: string): string | undefined {
  const exists = (path: string) => paths.has(path);
  if (specifier.startsWith('.')) return resolveFile(file, specifier, exists);
  const readable = draft.problem('tsconfig.json') === undefined;
  const config = readable ? parseJson(draft.read('tsconfig.json') ?? '') : undefined;
  const aliases = config === undefined ? undefined : valueAt(config, ['compilerOptions', 'paths']);
  if (typeof aliases !== 'object' || aliases === null) return undefined;
  for (const [pattern, targets] of Object.entries(aliases)) {
    const [before = '', after] = pattern.split('*');
    const fits = after === undefined ? specifier === before : specifier.startsWith(before) && specifier.endsWith(after);
    const target: unknown = Array.isArray(targets) && targets.length === 1 ? targets[0] : undefined;
    if (!fits || typeof target !== 'string') continue;
    const matched = specifier.slice(before.length, specifier.length - (after ?? '').length);
    return resolveFile('', `./${target.replace('*', matched)}`, exists);
  }
  return undefined;
}

function parse(draft: Draft, file: string): ParsedModule | string {
  const problem = draft.problem(file);
  if (problem !== undefined) return problem;
  const module = parseModule(file, draft.read(file) ?? '');
  return 'fault' in module ? `it does not parse (${module.fault})` : module;
}
